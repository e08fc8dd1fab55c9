// A mailbox as a collection: what has happened to it since a device's watermark. MS-ASCMD section 2.2.1.21.
// Sync, Ping and GetItemEstimate ask here, so that they never disagree.
#pragma once

#include <optional>
#include <vector>

#include "protocols/activesync/collection_state.h"
#include "protocols/activesync/commands/run.h"

namespace postern::activesync {

// What the device has done itself in this request, and is not to be told back.
struct OwnChanges {
  std::vector<ModSeq> modseqs;
  UidSet removed;
};

// The day from which on a filter shows messages; 0: all. MS-ASCMD section 2.2.3.68.2.
std::int64_t first_day_of(std::uint32_t filter_type, WallTime now);

// Notes in `state`, which is true as of `since` (0: nothing was told yet), what is due as of `now`. Asks the
// store only for what has changed, and for all messages if the filter's window has moved.
Task<Result<void>> catch_up(Conversation& conversation, SnapshotPtr now, ModSeq since, OwnChanges own,
                            CollectionState& state);

// The ledger of a collection has anything to tell: a Sync would not be empty.
Task<Result<bool>> has_news(Conversation& conversation, const SyncGeneration& generation, MailboxKey mailbox);

}  // namespace postern::activesync
