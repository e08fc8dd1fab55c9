// One-time codes by time (RFC 6238, with SHA-1, six digits and 30 s: what every program for phones makes).
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"

namespace postern::admin {

constexpr std::size_t kTotpSecretOctets = 20;

std::int64_t totp_step(WallTime now);
std::string totp_code(std::string_view secret, std::int64_t step);  // "012345"
// The step whose code it is: this one, the one before or behind it; later than `last_step`. Constant time in
// the digits.
std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code, WallTime now,
                                       std::int64_t last_step);
std::string base32(std::string_view octets);  // RFC 4648 §6, without padding
// "otpauth://totp/…", which such programs read as a picture.
std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view name);

}  // namespace postern::admin
