// Search: which messages of a snapshot meet the criteria. Complete and exact. Messages are decided by what is
// cheapest; only those still open are loaded, in slices, and texts are decoded off the loop.
#pragma once

#include "gateway/async/loop.h"
#include "storage/messages.h"

namespace postern {

// `messages` gives facts and octets; it must outlive the call. invalid: nested too deeply. closed: cancelled.
Task<Result<UidSet>> search_snapshot(Loop& loop, MessageStore& messages, SnapshotPtr snapshot,
                                     SearchCriteria criteria, std::function<bool()> cancelled);

}  // namespace postern
