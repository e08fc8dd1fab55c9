// One collection's part of a Sync: what its key says, what the client has changed, what is due to it, and the
// ledger that comes of it. MS-ASCMD section 2.2.1.21. The answer is written after the ledgers are stored.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/commands/client_changes.h"
#include "protocols/activesync/sync_state.h"
#include "storage/devices.h"

namespace postern::activesync {

struct SyncTurn {
  SyncTurn(CollectionId collection, SyncCollection request) : id(collection), asked(std::move(request)) {}

  CollectionId id;
  SyncCollection asked;
  std::optional<MailTarget> mail;    // absent: no mailbox
  std::optional<SyncLedger> ledger;  // as read

  Status status = SyncStatus::ok;
  std::string key;  // empty: none is told
  std::vector<CommandResult> results;
  std::vector<Uid> fetches;
  SyncWindow window;
  std::vector<Renamed> renamed;  // the numbers by which the device knows drafts
  bool more_available = false;
  BodyOptions body;
  SnapshotPtr now;                   // of a mailbox; as read beside the ledger, then as looked at
  std::optional<LedgerChange> next;  // to be stored before this is told

  // It has something to say; else it is left out.
  bool speaks() const { return status != Status(SyncStatus::ok) || !key.empty(); }
  void fail(SyncStatus why);
};

// `room`: how many items the whole answer has still room for; less by what this turn takes. unavailable.
Task<Result<void>> take_turn(Conversation& conversation, SyncTurn& turn, std::size_t& room);

}  // namespace postern::activesync
