#include "protocols/lmtp/command.h"

#include <array>

#include "gateway/base/text.h"

namespace postern::lmtp {

namespace {

CommandOrReply bad(std::string reply) {
  return smtp::bad<Command>(std::move(reply));
}

CommandOrReply parse_lhlo(std::string_view arguments) {
  if (arguments.empty() || arguments.size() > kDomainOctetsMax) return bad("501 5.5.4 LHLO wants a domain");
  for (char c : arguments) {
    if (c <= ' ' || c == 0x7F) return bad("501 5.5.4 LHLO wants a domain");
  }
  return Command(Lhlo{std::string(arguments)});
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
  return Command(std::move(mail));
}

CommandOrReply parse_rcpt(std::string_view arguments) {
  const auto rest = after_keyword(arguments, "TO:");
  const auto parsed = rest ? parse_path(*rest) : std::nullopt;
  if (!parsed || parsed->path.local.empty()) return bad("501 5.1.3 Syntax: RCPT TO:<address>");
  if (!text::trim(rest->substr(parsed->octets)).empty()) return bad("555 5.5.4 Parameter not supported");
  return Command(Rcpt{parsed->path});
}

// What SMTP calls itself, so that a wrong setting of the MTA is told as such.
CommandOrReply refuse_hello(std::string_view) {
  return bad("500 5.5.1 This is LMTP: use LHLO");
}

constexpr std::array<smtp::CommandRow<Command>, 5> kRows{{
    {"LHLO", parse_lhlo},
    {"MAIL", parse_mail},
    {"RCPT", parse_rcpt},
    {"HELO", refuse_hello},
    {"EHLO", refuse_hello},
}};

}  // namespace

CommandOrReply parse_command(std::string_view line) {
  return smtp::parse_by(kRows, line);
}

}  // namespace postern::lmtp
