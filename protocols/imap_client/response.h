// What an IMAP server says, as values (RFC 9051 §7, RFC 3501 §7): a line with its literals, and the few kinds
// of it that an import listens to. Pure. The server is a stranger: everything is bounded, nothing is trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/model/flags.h"
#include "storage/model/ids.h"
#include "storage/model/mailbox.h"

namespace postern::imap_client {

// A response without its last line end. Where a literal stood, `text` has "{n}" at the end of a line, and the
// lines follow each other.
struct Response {
  std::string text;
  std::vector<std::string> literals;
};
// The size of the literal that the line announces at its end.
std::optional<std::uint64_t> literal_at_end(std::string_view line);

enum class Outcome : std::uint8_t { ok, no, bad };
struct Tagged {
  Outcome outcome = Outcome::bad;
  std::string text;  // behind the word
};
// nullopt: of another tag.
std::optional<Tagged> parse_tagged(const Response& response, std::string_view tag);

// "* 12 FETCH (…)". Items that nobody asked for are passed over.
struct Fetched {
  std::optional<Uid> uid;
  Flags flags;  // without \Recent, and keywords that are none
  std::optional<WallTime> internal_date;
  std::int16_t internal_zone_minutes = 0;
  std::optional<std::uint64_t> size;
  std::optional<std::string> octets;  // BODY[] or BODY[HEADER]
};
// nullopt: not a FETCH; invalid: a broken one.
Result<std::optional<Fetched>> parse_fetch(Response response);

// "* LIST (\Sent) "/" name"
struct ListedMailbox {
  std::string name;    // as the server writes it
  char delimiter = 0;  // 0: none
  SpecialUse use = SpecialUse::none;
  bool selectable = true;
};
Result<std::optional<ListedMailbox>> parse_list(const Response& response);

// "* STATUS name (MESSAGES 12)": the number of messages.
std::optional<std::uint64_t> parse_status_messages(const Response& response);
// "[UIDVALIDITY 12]" in an untagged OK.
std::optional<std::uint32_t> code_number(const Response& response, std::string_view code);
// "* CAPABILITY …" or "[CAPABILITY …]": whether the word is among them. nullopt: it is no such response.
std::optional<bool> has_capability(const Response& response, std::string_view word);

// The mailbox's name here: levels by our separator, modified UTF-7 (or UTF-8, as new servers write it)
// undone.
Result<MailboxName> local_name(const ListedMailbox& listed);
// For a command: a quoted string. invalid: cannot be said so.
Result<std::string> quoted(std::string_view text);

}  // namespace postern::imap_client
