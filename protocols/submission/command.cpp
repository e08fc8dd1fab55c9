#include "protocols/submission/command.h"

#include <array>

#include "gateway/base/text.h"

namespace postern::submission {

namespace {

CommandOrReply bad(std::string reply) {
  return smtp::bad<Command>(std::move(reply));
}

template <bool extended>
CommandOrReply parse_hello(std::string_view arguments) {
  if (arguments.empty() || arguments.size() > kDomainOctetsMax) return bad("501 5.5.4 Who is there?");
  for (char c : arguments) {
    if (c <= ' ' || c >= 0x7F) return bad("501 5.5.4 Who is there?");
  }
  return Command(Ehlo{std::string(arguments), extended});
}

CommandOrReply parse_auth(std::string_view arguments) {
  const std::size_t space = arguments.find(' ');
  Auth auth{text::to_upper(arguments.substr(0, space)), std::nullopt};
  if (auth.mechanism.empty()) return bad("501 5.5.4 AUTH wants a mechanism");
  if (space != std::string_view::npos) auth.initial_response = text::trim(arguments.substr(space + 1));
  return Command(std::move(auth));
}

// False: not known, or not so.
bool take_mail_parameter(const EsmtpParameter& parameter, Mail& mail) {
  const std::string_view value = parameter.value.value_or("");
  if (text::same(parameter.name, "SIZE")) {
    mail.size = text::number(value, INT64_MAX);
    return mail.size.has_value();
  }
  if (text::same(parameter.name, "BODY")) return text::same(value, "7BIT") || text::same(value, "8BITMIME");
  if (text::same(parameter.name, "SMTPUTF8")) {
    mail.smtputf8 = true;
    return !parameter.value;
  }
  if (text::same(parameter.name, "RET")) {
    const bool full = text::same(value, "FULL");
    mail.return_content = full ? ReturnContent::full : ReturnContent::headers;
    return full || text::same(value, "HDRS");
  }
  if (text::same(parameter.name, "ENVID")) {
    mail.envelope_id = value;
    return !value.empty() && value.size() <= kEnvelopeIdOctetsMax && is_xtext(value);
  }
  // Who else has sent it is of no interest here (RFC 4954 §5 lets us take it for "<>").
  return text::same(parameter.name, "AUTH") && !value.empty() && is_xtext(value);
}

CommandOrReply parse_mail(std::string_view arguments) {
  const auto rest = after_keyword(arguments, "FROM:");
  const auto parsed = rest ? parse_path(*rest) : std::nullopt;
  if (!parsed) return bad("501 5.1.7 Syntax: MAIL FROM:<address>");
  Mail mail;
  if (!parsed->path.local.empty()) mail.from.address = parsed->path.address();
  std::string_view parameters = rest->substr(parsed->octets);
  while (const auto parameter = next_parameter(parameters)) {
    if (!take_mail_parameter(*parameter, mail)) return bad("501 5.5.4 Parameter not understood");
  }
  if (!text::is_ascii(mail.from.address) && !mail.smtputf8) return bad("553 5.6.7 Address needs SMTPUTF8");
  return Command(std::move(mail));
}

// NOTIFY=NEVER, or a list of the others (RFC 3461 §4.1). 0: neither.
std::uint8_t notify_from(std::string_view value) {
  constexpr auto bit = [](Notify what) { return static_cast<std::uint8_t>(what); };
  if (text::same(value, "NEVER")) return bit(Notify::never);
  std::uint8_t all = 0;
  for (const std::string_view word : text::split(value, ',')) {
    if (text::same(word, "SUCCESS")) {
      all |= bit(Notify::success);
    } else if (text::same(word, "FAILURE")) {
      all |= bit(Notify::failure);
    } else if (text::same(word, "DELAY")) {
      all |= bit(Notify::delay);
    } else {
      return 0;
    }
  }
  return all;
}

bool take_rcpt_parameter(const EsmtpParameter& parameter, OutboxRecipient& options) {
  const std::string_view value = parameter.value.value_or("");
  if (text::same(parameter.name, "NOTIFY")) {
    options.notify = notify_from(value);
    return options.notify != 0;
  }
  // addr-type ";" xtext; RFC 6533's utf-8 form has octets that xtext has not.
  if (!text::same(parameter.name, "ORCPT")) return false;
  options.original = value;
  return value.size() <= kOriginalRecipientOctetsMax && value.find(';') != std::string_view::npos &&
         is_xtext(value);
}

CommandOrReply parse_rcpt(std::string_view arguments) {
  const auto rest = after_keyword(arguments, "TO:");
  const auto parsed = rest ? parse_path(*rest) : std::nullopt;
  if (!parsed || parsed->path.local.empty()) return bad("501 5.1.3 Syntax: RCPT TO:<address>");
  Rcpt rcpt{parsed->path, OutboxRecipient()};
  std::string_view parameters = rest->substr(parsed->octets);
  while (const auto parameter = next_parameter(parameters)) {
    if (!take_rcpt_parameter(*parameter, rcpt.options)) return bad("501 5.5.4 Parameter not understood");
  }
  return Command(std::move(rcpt));
}

constexpr std::array<smtp::CommandRow<Command>, 5> kRows{{
    {"EHLO", parse_hello<true>},
    {"HELO", parse_hello<false>},
    {"AUTH", parse_auth},
    {"MAIL", parse_mail},
    {"RCPT", parse_rcpt},
}};

}  // namespace

CommandOrReply parse_command(std::string_view line) {
  return smtp::parse_by(kRows, line);
}

}  // namespace postern::submission
