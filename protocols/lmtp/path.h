// Paths (RFC 5321 §4.1.2): "<>", "<local@domain>", "<@route:local@domain>", "<\"quoted local\"@domain>".
#pragma once

#include <optional>
#include <string_view>

#include "protocols/lmtp/command.h"

namespace postern::lmtp {

struct ParsedPath {
  ForwardPath path;        // both empty for "<>"
  std::size_t octets = 0;  // of the input, with the angle brackets
};
// At the start of `text`. nullopt: not a path, or a part of it beyond its bound.
std::optional<ParsedPath> parse_path(std::string_view text);

}  // namespace postern::lmtp
