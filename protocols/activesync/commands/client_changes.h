// What a client has changed in a mailbox: marks, deletions. MS-ASCMD sections 2.2.3.24, 2.2.3.42
// and 2.2.3.39. Marks that many items get alike are stored with one verb. Drafts are in draft_changes.h.
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
  std::vector<std::pair<std::string, std::string>> added;  // ClientId and ServerId; empty: it was sent
  OwnChanges own;
};

// What the client knew when it made its changes.
struct KnownMailbox {
  ModSeq modseq{};     // with Conflict 1 what has changed since wins
  Uid uid_next{1};     // what it has added itself under its sync key came from here on
  SnapshotPtr before;  // the mailbox as it is now, before they are applied
};

// In the client's order as far as it can be told apart: changes of an item before its deletion. What becomes
// of drafts is noted in `state`.
Task<Result<AppliedCommands>> apply_commands(Conversation& conversation, MailTarget target,
                                             const SyncCollection& collection, CollectionState& state,
                                             KnownMailbox known);

// The results again, for a client that lost the answer: nothing is applied.
Task<Result<AppliedCommands>> repeat_commands(Conversation& conversation, MailTarget target,
                                              const SyncCollection& collection,
                                              const SyncGeneration& answered, const CollectionState& state);

// Tells the same commands from others.
std::string digest_of(const std::vector<ClientCommand>& commands);

}  // namespace postern::activesync
