// Placement: one message for one mailbox; and the statement that places many of them at once: quota, the
// mailboxes' numbers, octets, facts, state and keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/messages.h"
#include "storage/postgres/statement.h"

namespace postern::postgres {

struct Placement {
  const StagedMessage* message = nullptr;  // outlives the call
  AccountId account{};
  std::optional<MailboxId> mailbox;  // nullopt: INBOX
  std::string key;                   // write_keys: what must not be written twice
  std::uint8_t system_flags = 0;
  std::string flags;  // encode_flags()
  WallTime internal_date{};
  std::int16_t internal_zone_minutes = 0;
  WallTime save_date{};
  std::string pop3_uidl;
};

// Whether the account's quota is asked. Where it is not, it is counted all the same.
enum class Room { needed, not_asked };

// All or none of an account's placements: if they do not fit its quota together, none has a row in the
// answer, nor has one whose account or mailbox does not exist. `invalid`: a mailbox was removed in that
// moment. No two may have the same account and key. The placements must live until the query has returned.
Query place_messages(const std::vector<const Placement*>& placements, Room room = Room::needed);

struct Placed {
  std::size_t index = 0;  // into the placements
  MailboxId mailbox{};
  Appended appended;
};
std::vector<Placed> placed_from(const Rows& rows);

}  // namespace postern::postgres
