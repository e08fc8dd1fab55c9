// The hierarchy as it is and as the device knows it, for the four commands about folders. MS-ASCMD
// sections 2.2.1.3 to 2.2.1.6.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocols/activesync/commands/run.h"
#include "protocols/activesync/hierarchy.h"
#include "protocols/activesync/sync_state.h"

namespace postern::activesync {

class FolderLedgerView {
 public:
  // unavailable.
  static Task<Result<FolderLedgerView>> load(Conversation& conversation);

  // Points into this view.
  SyncOutcome<FolderGeneration> outcome(std::string_view key) const {
    return sync_outcome(ledger_ ? &*ledger_ : nullptr, key);
  }
  const std::vector<Mailbox>& mailboxes() const { return mailboxes_; }
  const std::vector<Folder>& folders() const { return folders_; }
  // The device knows another hierarchy than there is; no, if it has never asked for one.
  bool changed() const { return ledger_ && ledger_->current.folders != known_folders(folders_); }
  // nullptr: no such mailbox.
  const Mailbox* find(CollectionId id) const;

  // Stores that the device, which was at `from` (key 0: at nothing), now knows `folders`; returns the new
  // key. stale: another request of the device was faster.
  Task<Result<std::uint32_t>> advance(Conversation& conversation, FolderGeneration from,
                                      std::vector<KnownFolder> folders) const;

 private:
  FolderLedgerView() = default;

  std::vector<Mailbox> mailboxes_;
  std::vector<Folder> folders_;
  std::optional<FolderLedger> ledger_;
};

}  // namespace postern::activesync
