// The commands' table: what the types of commands/run.h cannot say. CAPABILITY is printed from its rows, so
// nothing is announced that is not there.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "protocols/imap/command.h"
#include "protocols/imap/grammar/cursor.h"

namespace postern::imap {

// May EXPUNGE be told during the command (RFC 3501 §7.4.1)? Not where the client's message numbers are still
// in the air.
enum class Expunges : std::uint8_t { held_back, allowed };

// Whether message numbers are among the arguments: not for a client that has renounced them (RFC 9586 §3).
enum class Numbers : std::uint8_t { none, sequence };

enum class Announced : std::uint8_t { always, before_log_in, after_log_in };

struct CommandRow {
  std::string_view name;
  Result<Command> (*parse)(Cursor&);
  Expunges expunges = Expunges::allowed;
  std::string_view capabilities;  // that come with it, separated by spaces
  Announced announced = Announced::always;
  Numbers numbers = Numbers::none;
};

// nullptr: unknown. The name is in upper case.
const CommandRow* find_command(std::string_view name);
std::span<const CommandRow> command_rows();

// What is offered to this client now.
struct Offer {
  bool logged_in = false;
  bool start_tls = false;                  // could be started now
  bool plaintext = true;                   // a password may be sent now
  std::uint64_t append_octets_max = 0;     // RFC 7889
  std::uint32_t command_messages_max = 0;  // RFC 9738
  std::uint32_t copy_messages_max = 0;
  std::vector<std::string_view> mechanisms;  // SASL
};
std::string capability_text(const Offer& offer);  // "IMAP4rev1 LITERAL+ …"

}  // namespace postern::imap
