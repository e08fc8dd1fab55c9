// Paths of SMTP and LMTP (RFC 5321 §4.1.2): "<>", "<local@domain>", "<@route:local@domain>",
// "<\"quoted local\"@domain>". Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern {

constexpr std::size_t kLocalPartOctetsMax = 64;  // RFC 5321 §4.5.3.1.1
constexpr std::size_t kDomainOctetsMax = 255;    // RFC 5321 §4.5.3.1.2

// Reverse-path: where bounces go; empty for "<>".
struct ReversePath {
  std::string address;
};
// Forward-path, source route removed, local part unquoted.
struct ForwardPath {
  std::string local;
  std::string domain;  // empty only for "<postmaster>"
  std::string address() const { return domain.empty() ? local : local + '@' + domain; }
};

struct ParsedPath {
  ForwardPath path;        // both empty for "<>"
  std::size_t octets = 0;  // of the input, with the angle brackets
};
// At the start of `text`. nullopt: not a path, or a part of it beyond its bound.
std::optional<ParsedPath> parse_path(std::string_view text);

// The way back: "<local@domain>", the local part quoted where it must be; "<>" for an empty address.
std::string path_text(std::string_view address);

// "FROM:<path> parameters": what follows the keyword, or nullopt. A blank after the colon is common and
// wrong.
std::optional<std::string_view> after_keyword(std::string_view arguments, std::string_view keyword);

struct EsmtpParameter {
  std::string_view name;
  std::optional<std::string_view> value;  // absent: no "="
};
// The next one of those that follow a path, removed from `rest`; nullopt: none is left.
std::optional<EsmtpParameter> next_parameter(std::string_view& rest);

// xtext of RFC 3461 §4, well-formed: printable ASCII with "+" as the mark of two hexadecimal digits.
bool is_xtext(std::string_view text);

}  // namespace postern
