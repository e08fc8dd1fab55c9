// The answer of a Sync, once its ledgers are stored.
#pragma once

#include <vector>

#include "protocols/activesync/commands/sync_turn.h"

namespace postern::activesync {

// If no turn has anything to say, the answer is empty (MS-ASCMD section 2.2.1.21). unavailable: the answer is
// cut off, and the client asks for it again.
Task<Result<void>> write_sync(Conversation& conversation, std::vector<SyncTurn> turns);

}  // namespace postern::activesync
