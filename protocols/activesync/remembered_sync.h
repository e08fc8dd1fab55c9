// The last Sync request of a device, which an empty one repeats and a partial one completes. MS-ASCMD
// sections 2.2.1.21 and 2.2.3.130. Pure; it is kept as a ledger of a collection that is none.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "protocols/activesync/schema/sync.h"
#include "storage/model/device.h"

namespace postern::activesync {

constexpr CollectionId kRememberedSync{0};

std::string encode_remembered(const SyncRequest& request);
// Without keys, options and commands: those are as in the ledgers. internal: not what encode_remembered()
// writes.
Result<SyncRequest> decode_remembered(std::string_view octets);

// What `partial` does not say is as in `before`. Collections that it does not name have no key yet.
SyncRequest completed(SyncRequest partial, SyncRequest before);

}  // namespace postern::activesync
