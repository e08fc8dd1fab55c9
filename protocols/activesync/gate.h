// Whether a device may have its command answered: access, wipe, policy. MS-ASPROV section 3.1.5.1, MS-ASCMD
// section 2.2.4. Since 14.0 the refusal stands in the command's own element, before it was HTTP's status.
// Pure.
#pragma once

#include <optional>

#include "config/settings.h"
#include "protocols/activesync/request.h"
#include "protocols/activesync/schema/status.h"
#include "storage/model/device.h"

namespace postern::activesync {

// What to answer instead of the command.
struct GateRefusal {
  Status status;          // of 14.0 and later
  int http_status = 403;  // of 12.1: 403, or 449 (provision first)
};

std::optional<GateRefusal> gate_refusal(const Request& request, const Device& device,
                                        const ActiveSyncSettings& settings);

}  // namespace postern::activesync
