// Dovecot's authentication protocol 1.1 to 1.2, as Postfix speaks it (smtpd_sasl_type = dovecot; Dovecot's
// doc/wiki "Authentication Protocol"): tab-separated lines, values of AUTH and CONT in base64. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/net/byte_stream.h"

namespace postern::submission {

constexpr std::size_t kAuthLineOctetsMax = 16384;

struct AuthVersion {
  std::uint32_t major = 0;
};
struct AuthRequest {
  std::uint32_t id = 0;
  std::string mechanism;                        // upper case
  PeerAddress peer;                             // rip: who signs in at the client
  std::optional<std::string> initial_response;  // decoded
};
struct AuthContinue {
  std::uint32_t id = 0;
  std::string response;  // decoded
};
struct AuthCancel {
  std::uint32_t id = 0;
};
struct AuthOther {};  // CPID, and what newer clients may say
struct AuthMalformed {};

using AuthLine = std::variant<AuthVersion, AuthRequest, AuthContinue, AuthCancel, AuthOther, AuthMalformed>;
AuthLine parse_auth_line(std::string_view line);

// A value in an answer: tabs and line ends escaped.
std::string escape_auth_value(std::string_view value);

}  // namespace postern::submission
