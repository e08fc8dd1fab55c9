// "Authorization: Basic" (RFC 7617), with the user names that phones send: user@domain, domain\user, user.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/secret.h"
#include "protocols/http/message.h"

namespace postern::http {

constexpr std::size_t kUserOctetsMax = 320;           // local part, "@" and domain
constexpr std::size_t kBasicPasswordOctetsMax = 512;  // no stored hash takes more

struct BasicCredentials {
  BasicCredentials(std::string u, Secret p) : user(std::move(u)), password(std::move(p)) {}
  std::string user;  // user@domain, or as it came if there is no domain to add
  Secret password;
};

// nullopt: another scheme, not base64, without a colon, too long, or with control octets. What is not UTF-8
// is taken for ISO 8859-1, which older clients send. `default_domain` stands in for a domain that is missing
// or is no Internet name (COMPANY\joe); empty: the name stays as it is, and nobody has it.
std::optional<BasicCredentials> basic_credentials(std::string_view authorization,
                                                  std::string_view default_domain);

// 401 that asks for Basic credentials.
Response basic_challenge(std::string_view realm);

}  // namespace postern::http
