#include "protocols/pop3/command.h"

#include <array>

#include "gateway/base/text.h"

namespace postern::pop3 {

namespace {

using Parse = Result<Command> (*)(std::string_view arguments);

Error wrong_arguments() {
  return Error(ErrorKind::invalid, "Wrong arguments");
}

std::optional<std::uint32_t> small_number(std::string_view digits) {
  const auto value = text::number(digits, UINT32_MAX);
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

template <class C>
Result<Command> alone(std::string_view arguments) {
  if (!arguments.empty()) return wrong_arguments();
  return Command(C());
}

template <class C>
Result<Command> with_message(std::string_view arguments) {
  const auto number = small_number(arguments);
  if (!number) return wrong_arguments();
  C command;
  command.message = *number;
  return Command(command);
}

template <class C>
Result<Command> with_optional_message(std::string_view arguments) {
  if (arguments.empty()) return Command(C());
  return with_message<C>(arguments);
}

Result<Command> parse_user(std::string_view arguments) {
  if (arguments.empty()) return wrong_arguments();
  return Command(User{std::string(arguments)});
}

// The argument is the rest of the line: passwords may hold and end in spaces (RFC 1939 §7 PASS).
Result<Command> parse_pass(std::string_view arguments) {
  if (arguments.empty()) return wrong_arguments();
  return Command(Pass{Secret{std::string(arguments)}});
}

Result<Command> parse_top(std::string_view arguments) {
  const auto space = arguments.find(' ');
  if (space == std::string_view::npos) return wrong_arguments();
  const auto message = small_number(arguments.substr(0, space));
  const auto lines = small_number(arguments.substr(space + 1));
  if (!message || !lines) return wrong_arguments();
  return Command(Top{*message, *lines});
}

Result<Command> parse_auth(std::string_view arguments) {
  const auto space = arguments.find(' ');
  Auth auth{std::string(arguments.substr(0, space)), std::nullopt};
  if (space != std::string_view::npos) auth.initial_response = arguments.substr(space + 1);
  return Command(std::move(auth));
}

Result<Command> parse_lang(std::string_view arguments) {
  if (arguments.empty()) return Command(Lang());
  return Command(Lang{std::string(arguments)});
}

struct Row {
  std::string_view keyword;
  Parse parse;
};
constexpr std::array kRows{
    Row{"USER", parse_user},
    Row{"PASS", parse_pass},
    Row{"AUTH", parse_auth},
    Row{"STLS", alone<Stls>},
    Row{"CAPA", alone<Capa>},
    Row{"STAT", alone<Stat>},
    Row{"LIST", with_optional_message<List>},
    Row{"UIDL", with_optional_message<Uidl>},
    Row{"RETR", with_message<Retr>},
    Row{"TOP", parse_top},
    Row{"DELE", with_message<Dele>},
    Row{"NOOP", alone<Noop>},
    Row{"RSET", alone<Rset>},
    Row{"QUIT", alone<Quit>},
    Row{"UTF8", alone<Utf8>},
    Row{"LANG", parse_lang},
};

}  // namespace

Result<Command> parse_command(std::string_view line) {
  const auto space = line.find(' ');
  const std::string_view keyword = line.substr(0, space);
  const std::string_view arguments =
      space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  for (const Row& row : kRows) {
    if (!text::same(row.keyword, keyword)) continue;
    // Trailing blanks are noise everywhere but in a password.
    if (text::same(keyword, "PASS")) return row.parse(arguments);
    return row.parse(arguments.substr(0, arguments.find_last_not_of(' ') + 1));
  }
  return Error(ErrorKind::invalid, "Unknown command");
}

}  // namespace postern::pop3
