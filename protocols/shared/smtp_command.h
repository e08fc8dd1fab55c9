// What the command tables of LMTP and submission share: the commands that mean the same at both doors, and
// the way from a line to a row. Pure: a line in, a command or a reply out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/base/text.h"
#include "protocols/shared/smtp_path.h"

namespace postern::smtp {

struct Data {};
struct Bdat {                           // RFC 3030
  std::optional<std::uint64_t> octets;  // absent: not understood, so that nobody knows where the chunk ends
  bool last = false;
};
struct Rset {};
struct Noop {};
struct Quit {};
struct StartTls {};
struct Vrfy {};
struct Help {};

// A refused line, as the reply to it: "501 5.5.4 …". Never holds octets of the line.
struct BadCommand {
  std::string reply;
};
template <class Command>
using CommandOr = std::variant<Command, BadCommand>;

template <class Command>
struct CommandRow {
  std::string_view keyword;
  CommandOr<Command> (*parse)(std::string_view arguments);
};

template <class Command>
CommandOr<Command> bad(std::string reply) {
  return BadCommand{std::move(reply)};
}

template <class Command, class C>
CommandOr<Command> alone(std::string_view arguments) {
  if (!arguments.empty()) return bad<Command>("501 5.5.4 No arguments here");
  return Command(C());
}

// NOOP and HELP may carry a string, VRFY must (RFC 5321 §4.1.1); none of them is of interest.
template <class Command, class C>
CommandOr<Command> with_anything(std::string_view) {
  return Command(C());
}

// bdat-cmd = "BDAT" SP chunk-size [SP "LAST"]                                                 RFC 3030 §2
template <class Command>
CommandOr<Command> parse_bdat(std::string_view arguments) {
  const std::size_t space = arguments.find(' ');
  Bdat bdat{text::number(arguments.substr(0, space), INT64_MAX), space != std::string_view::npos};
  if (bdat.last && !text::same(text::trim(arguments.substr(space)), "LAST")) bdat.octets.reset();
  return Command(bdat);
}

// Rows of both tables.
template <class Command>
constexpr std::array<CommandRow<Command>, 8> kSharedRows{{
    {"DATA", alone<Command, Data>},
    {"BDAT", parse_bdat<Command>},
    {"RSET", alone<Command, Rset>},
    {"NOOP", with_anything<Command, Noop>},
    {"QUIT", alone<Command, Quit>},
    {"STARTTLS", alone<Command, StartTls>},
    {"VRFY", with_anything<Command, Vrfy>},
    {"HELP", with_anything<Command, Help>},
}};

// Looks in the door's own rows, then in the shared ones.
template <class Command, std::size_t count>
CommandOr<Command> parse_by(const std::array<CommandRow<Command>, count>& own, std::string_view line) {
  const auto space = line.find(' ');
  const std::string_view keyword = line.substr(0, space);
  const std::string_view arguments =
      space == std::string_view::npos ? "" : text::trim(line.substr(space + 1));
  for (const CommandRow<Command>& row : own) {
    if (text::same(row.keyword, keyword)) return row.parse(arguments);
  }
  for (const CommandRow<Command>& row : kSharedRows<Command>) {
    if (text::same(row.keyword, keyword)) return row.parse(arguments);
  }
  return bad<Command>("500 5.5.2 Unknown command");
}

}  // namespace postern::smtp
