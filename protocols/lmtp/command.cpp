#include "protocols/lmtp/command.h"

#include <array>

#include "gateway/base/text.h"

namespace postern::lmtp {

namespace {

using Parse = CommandOrReply (*)(std::string_view arguments);

CommandOrReply bad(std::string reply) {
  return BadCommand{std::move(reply)};
}
CommandOrReply good(Command command) {
  return command;
}

template <class C>
CommandOrReply alone(std::string_view arguments) {
  if (!arguments.empty()) return bad("501 5.5.4 No arguments here");
  return good(C());
}

// NOOP and HELP may carry a string, VRFY must (RFC 5321 §4.1.1); none of them is of interest.
template <class C>
CommandOrReply with_anything(std::string_view) {
  return good(C());
}

CommandOrReply parse_lhlo(std::string_view arguments) {
  if (arguments.empty() || arguments.size() > kDomainOctetsMax) return bad("501 5.5.4 LHLO wants a domain");
  for (char c : arguments) {
    if (c <= ' ' || c == 0x7F) return bad("501 5.5.4 LHLO wants a domain");
  }
  return good(Lhlo{std::string(arguments)});
}

CommandOrReply parse_mail(std::string_view arguments) {
  const auto rest = after_keyword(arguments, "FROM:");
  const auto parsed = rest ? parse_path(*rest) : std::nullopt;
  if (!parsed) return bad("501 5.1.7 Syntax: MAIL FROM:<address>");
  Mail mail{ReversePath{parsed->path.address()}, std::nullopt, false};
  if (parsed->path.local.empty()) mail.from.address.clear();
  std::string_view parameters = rest->substr(parsed->octets);
  while (const auto parameter = next_parameter(parameters)) {
    const std::string_view name = parameter->name;
    const std::string_view value = parameter->value.value_or("");
    if (text::same(name, "SIZE")) {
      mail.size = text::number(value, INT64_MAX);
      if (!mail.size) return bad("501 5.5.4 Bad SIZE");
    } else if (text::same(name, "SMTPUTF8") && !parameter->value) {
      mail.smtputf8 = true;
    } else if (!text::same(name, "BODY") || !(text::same(value, "7BIT") || text::same(value, "8BITMIME"))) {
      return bad("555 5.5.4 Parameter not supported");
    }
  }
  if (!text::is_ascii(mail.from.address) && !mail.smtputf8) return bad("553 5.6.7 Address needs SMTPUTF8");
  return good(std::move(mail));
}

CommandOrReply parse_rcpt(std::string_view arguments) {
  const auto rest = after_keyword(arguments, "TO:");
  const auto parsed = rest ? parse_path(*rest) : std::nullopt;
  if (!parsed || parsed->path.local.empty()) return bad("501 5.1.3 Syntax: RCPT TO:<address>");
  if (!text::trim(rest->substr(parsed->octets)).empty()) return bad("555 5.5.4 Parameter not supported");
  return good(Rcpt{parsed->path});
}

struct Row {
  std::string_view keyword;
  Parse parse;
};
constexpr std::array kRows{
    Row{"LHLO", parse_lhlo},          Row{"MAIL", parse_mail},          Row{"RCPT", parse_rcpt},
    Row{"DATA", alone<Data>},         Row{"RSET", alone<Rset>},         Row{"NOOP", with_anything<Noop>},
    Row{"QUIT", alone<Quit>},         Row{"STARTTLS", alone<StartTls>}, Row{"VRFY", with_anything<Vrfy>},
    Row{"HELP", with_anything<Help>},
};

}  // namespace

CommandOrReply parse_command(std::string_view line) {
  const auto space = line.find(' ');
  const std::string_view keyword = line.substr(0, space);
  const std::string_view arguments =
      space == std::string_view::npos ? "" : text::trim(line.substr(space + 1));
  for (const Row& row : kRows) {
    if (text::same(row.keyword, keyword)) return row.parse(arguments);
  }
  if (text::same(keyword, "HELO") || text::same(keyword, "EHLO"))
    return bad("500 5.5.1 This is LMTP: use LHLO");
  return bad("500 5.5.2 Unknown command");
}

}  // namespace postern::lmtp
