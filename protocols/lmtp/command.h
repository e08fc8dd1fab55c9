// LMTP commands as values (RFC 2033 on RFC 5321; SIZE 1870, 8BITMIME 6152, SMTPUTF8 6531, STARTTLS 3207,
// CHUNKING 3030). Pure: a line in, a command out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/shared/smtp_command.h"
#include "protocols/shared/smtp_path.h"

namespace postern::lmtp {

// RFC 5321 §4.5.3.1.4 asks for 512, with SMTPUTF8 and parameters for more (RFC 6531 §3.4).
constexpr std::size_t kCommandOctetsMax = 4096;

struct Lhlo {
  std::string client;
};
struct Mail {
  ReversePath from;
  std::optional<std::uint64_t> size;  // as announced, octets
  bool smtputf8 = false;
};
struct Rcpt {
  ForwardPath to;
};

using Command = std::variant<Lhlo, Mail, Rcpt, smtp::Data, smtp::Bdat, smtp::Rset, smtp::Noop, smtp::Quit,
                             smtp::StartTls, smtp::Vrfy, smtp::Help>;
using BadCommand = smtp::BadCommand;
using CommandOrReply = smtp::CommandOr<Command>;

CommandOrReply parse_command(std::string_view line);

}  // namespace postern::lmtp
