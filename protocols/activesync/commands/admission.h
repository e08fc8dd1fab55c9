// What may end a wait from outside: the feature is switched off, the device is blocked or to be wiped,
// folders come and go.
#pragma once

#include "protocols/activesync/commands/run.h"

namespace postern::activesync {

// True: the wait may go on. Else the refusal has been sent.
Task<Result<bool>> still_admitted(Conversation& conversation);

}  // namespace postern::activesync
