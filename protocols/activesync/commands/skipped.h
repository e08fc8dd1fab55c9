// A message that cannot be shown is left out alone, counted and logged, so that it never stops its folder.
#pragma once

#include "gateway/base/result.h"
#include "protocols/activesync/commands/run.h"
#include "protocols/activesync/hierarchy.h"

namespace postern::activesync {

// The error itself if it is not this message's alone: then nothing goes on.
Result<void> pass_over(Conversation& conversation, ItemId item, const Error& why);

}  // namespace postern::activesync
