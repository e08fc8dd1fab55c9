// Search: which messages of a snapshot meet the criteria. Complete and exact. What the state in memory does
// not decide is asked of the text index, and what that does not cover is read; a few thousand messages at a
// time, with the work off the loop.
#pragma once

#include "gateway/async/loop.h"
#include "storage/search_source.h"

namespace postern {

// `source` must outlive the call. invalid: nested too deeply. closed: cancelled.
Task<Result<UidSet>> search_snapshot(Loop& loop, SearchSource& source, SnapshotPtr snapshot,
                                     SearchCriteria criteria, std::function<bool()> cancelled);

}  // namespace postern
