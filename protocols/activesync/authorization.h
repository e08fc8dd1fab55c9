// Who asks, as HTTP says it: Basic (RFC 7617). Phones write the name in three ways; the directory knows one.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/secret.h"

namespace postern::activesync {

struct BasicCredentials {
  std::string user;  // local@domain, if the client has said a domain at all
  Secret password;
};

// Takes "user@domain", "domain\user", "domain\user@domain" and "user". nullopt: another scheme, or not of its
// form.
std::optional<BasicCredentials> parse_basic(std::string_view authorization);

}  // namespace postern::activesync
