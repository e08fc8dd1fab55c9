// The domain's address book as Search and Find show it (the global address list of MS-ASCMD).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/commands/run.h"
#include "protocols/activesync/schema/gal.h"
#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

struct FoundEntries {
  std::vector<GalEntry> entries;
  std::uint64_t total = 0;
};

// A text without words finds nobody. There are no photographs here: who asks for them is told so.
Task<Result<FoundEntries>> find_in_gal(Conversation& conversation, std::string text, Range range,
                                       bool wants_pictures);

// What the answer shows of a range, of which `count` entries were there.
std::optional<Range> range_shown(Range asked, std::size_t count);

}  // namespace postern::activesync
