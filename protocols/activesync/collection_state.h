// What a device knows of a mailbox under one sync key, beside the watermark of its ledger: which messages it
// has been told of, and what is due to it and did not fit into a window yet. Pure.
//
// Sets of UIDs, not lists: what a device knows of a mailbox without filter is one range, with holes where no
// message is. What changes later is found by its modseq, so the cost of a Sync is what changed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "protocols/activesync/schema/sync.h"
#include "storage/mailbox_index.h"

namespace postern::activesync {

// A command of the client that failed, told again with a lost answer.
enum class CommandKind : std::uint8_t { change = 0, remove = 1, add = 2 };
struct RefusedCommand {
  CommandKind kind = CommandKind::change;
  std::string id;  // ServerId; of an Add the ClientId
  std::uint16_t status = 0;
  friend bool operator==(const RefusedCommand&, const RefusedCommand&) = default;
};

// A draft that the device has changed: it knows it by the number that it had.
struct Renamed {
  Uid told{};
  Uid now{};
  friend bool operator==(const Renamed&, const Renamed&) = default;
};

struct CollectionState {
  SyncOptions options;         // of the last request that said any
  std::int64_t first_day = 0;  // of the filter's window, in days since 1970; 0: no filter
  Uid uid_next{1};             // messages from here on have not been looked at
  UidSet known;                // told; what is here and is no message does no harm
  UidSet to_add;               // the same: what of it is a message is due
  UidSet to_change;
  UidSet to_remove;
  UidSet to_soft_remove;        // out of the filter's window
  std::string commands_digest;  // of the client's commands in the request that gave this key
  std::vector<RefusedCommand> refused;
  std::vector<Renamed> renamed;  // by `told`, ascending
  friend bool operator==(const CollectionState&, const CollectionState&) = default;
};

std::string encode(const CollectionState& state);
// internal: not what encode() writes.
Result<CollectionState> decode_collection_state(std::string_view octets);

// By which number the device knows a message, and which one it means.
Uid told_uid(const std::vector<Renamed>& renamed, Uid now);
Uid current_uid(const std::vector<Renamed>& renamed, Uid told);
// Beyond kRenamedMax the oldest is forgotten: the device is told of that draft as of a new one.
constexpr std::size_t kRenamedMax = 500;
void rename(CollectionState& state, Uid told, Uid now);
// a without b.
UidSet minus(const UidSet& a, const UidSet& b);

// The items of one answer.
struct SyncWindow {
  std::vector<Uid> remove, soft_remove, change, add;
  std::size_t size() const { return remove.size() + soft_remove.size() + change.size() + add.size(); }
  bool empty() const { return size() == 0; }
  UidSet uids() const;
};

// Drafts that are gone and of whose end neither this answer nor a later one tells.
void forget_renamed(CollectionState& state, const MailboxSnapshot& now, const SyncWindow& window);

// Takes at most items_max of what is due, the newest messages first, and notes that they are known.
SyncWindow take_window(CollectionState& state, const MailboxSnapshot& now, std::size_t items_max);
// The window whose uids were `told`, when `from` became `answered`: as far as it is still true.
SyncWindow repeated_window(const CollectionState& from, const CollectionState& answered, const UidSet& told,
                           const MailboxSnapshot& now);
// How many items are due.
std::uint64_t due_items(const CollectionState& state, const MailboxSnapshot& now);

// --- what has happened since, one word each ---

void note_arrived(CollectionState& state, const UidSet& uids);
// What is still in `now` went after it: the next look, which begins there, hears of it, and once is enough.
void note_vanished(CollectionState& state, const UidSet& uids, const MailboxSnapshot& now);
void note_changed(CollectionState& state, const UidSet& uids);
// With a filter, exactly `inside` is to be with the device.
void note_filtered(CollectionState& state, const UidSet& inside, const MailboxSnapshot& now);
// The device has removed them itself.
void note_removed_by_device(CollectionState& state, const UidSet& uids);

}  // namespace postern::activesync
