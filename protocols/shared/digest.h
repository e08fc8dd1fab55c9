// SHA-256, HMACs and random octets, by OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace postern {

constexpr std::size_t kSha256Octets = 32;
std::string sha256(std::string_view octets);
std::string hmac_sha256(std::string_view key, std::string_view text);
std::string hmac_sha1(std::string_view key, std::string_view text);  // only for codes of RFC 6238
std::string random_octets(std::size_t count);  // of the kernel's generator; ends the process if there is none

}  // namespace postern
