// Submission commands as values (RFC 6409 on RFC 5321; AUTH 4954, SIZE 1870, 8BITMIME 6152, SMTPUTF8 6531,
// DSN 3461, STARTTLS 3207, CHUNKING 3030). Pure: a line in, a command out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/shared/smtp_command.h"
#include "protocols/shared/smtp_path.h"
#include "storage/outbox.h"

namespace postern::submission {

constexpr std::size_t kCommandOctetsMax = 12288;          // RFC 4954 §4.3: an initial response is in it
constexpr std::size_t kEnvelopeIdOctetsMax = 100;         // RFC 3461 §4.4
constexpr std::size_t kOriginalRecipientOctetsMax = 500;  // RFC 3461 §4.2

struct Ehlo {
  std::string client;
  bool extended = true;  // EHLO; else HELO
};
struct Auth {
  std::string mechanism;                        // upper case
  std::optional<std::string> initial_response;  // base64, or "="
};
struct Mail {
  ReversePath from;
  std::optional<std::uint64_t> size;  // as announced, octets
  bool smtputf8 = false;
  ReturnContent return_content = ReturnContent::unspecified;
  std::string envelope_id;
};
struct Rcpt {
  ForwardPath to;
  OutboxRecipient options;  // without the address
};

using Command = std::variant<Ehlo, Auth, Mail, Rcpt, smtp::Data, smtp::Bdat, smtp::Rset, smtp::Noop,
                             smtp::Quit, smtp::StartTls, smtp::Vrfy, smtp::Help>;
using BadCommand = smtp::BadCommand;
using CommandOrReply = smtp::CommandOr<Command>;

CommandOrReply parse_command(std::string_view line);

}  // namespace postern::submission
