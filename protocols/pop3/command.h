// POP3 commands as values (RFC 1939, RFC 2449, RFC 2595 STLS, RFC 5034 AUTH, RFC 6856 UTF8 and LANG).
// Pure: a line in, a command out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace postern::pop3 {

constexpr std::size_t kCommandOctetsMax = 1024;  // RFC 2449 §4 says 255; initial responses want more

using MessageNumber = std::uint32_t;  // from 1, frozen for the session

struct User {
  std::string name;
};
struct Pass {
  Secret password;
};
struct Auth {
  std::string mechanism;                        // empty: list them
  std::optional<std::string> initial_response;  // base64; "=" is an empty one
};
struct Stls {};
struct Capa {};
struct Stat {};
struct List {
  std::optional<MessageNumber> message;
};
struct Uidl {
  std::optional<MessageNumber> message;
};
struct Retr {
  MessageNumber message = 0;
};
struct Top {
  MessageNumber message = 0;
  std::uint32_t lines = 0;
};
struct Dele {
  MessageNumber message = 0;
};
struct Noop {};
struct Rset {};
struct Quit {};
struct Utf8 {};
struct Lang {
  std::optional<std::string> tag;
};

using Command = std::variant<User, Pass, Auth, Stls, Capa, Stat, List, Uidl, Retr, Top, Dele, Noop, Rset,
                             Quit, Utf8, Lang>;

// invalid: unknown command or bad arguments; the detail may be shown to the client and holds none of its
// octets.
Result<Command> parse_command(std::string_view line);

}  // namespace postern::pop3
