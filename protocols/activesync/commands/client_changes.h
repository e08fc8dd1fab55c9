// What a client has changed in a mailbox: marks, deletions. MS-ASCMD sections 2.2.3.24, 2.2.3.42
// and 2.2.3.39. Marks that many items get alike are stored with one verb.
//
// Drafts are not taken yet: their Adds and Changes are refused with 6.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocols/activesync/commands/mail_collection.h"
#include "protocols/activesync/schema/sync_response.h"

namespace postern::activesync {

struct MailTarget {
  MailboxKey mailbox;
  SpecialUse use = SpecialUse::none;
  std::optional<MailboxKey> trash;
};

struct AppliedCommands {
  std::vector<CommandResult> results;  // of Adds, and of what failed
  std::vector<Uid> fetches;            // to be answered with their items
  std::vector<RefusedCommand> refused;
  OwnChanges own;
};

// In the client's order as far as it can be told apart: changes of an item before its deletion. `before` is
// the mailbox as it was, `since` what the client knew of it: with Conflict 1 what has changed since wins.
Task<Result<AppliedCommands>> apply_commands(Conversation& conversation, MailTarget target,
                                             const SyncCollection& collection, Conflict conflict,
                                             ModSeq since, SnapshotPtr before);

// The results again, for a client that lost the answer: nothing is applied.
AppliedCommands repeat_commands(const SyncCollection& collection, const CollectionState& answered,
                                const MailTarget& target);

// Tells the same commands from others.
std::string digest_of(const std::vector<ClientCommand>& commands);

}  // namespace postern::activesync
