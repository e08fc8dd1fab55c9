// From a command to its handler, by type: a command that came in the wrong state is answered before any
// handler is entered, and a command without a handler does not compile.
#pragma once

#include "protocols/imap/commands/run.h"

namespace postern::imap {

// The command must live until the answer is there.
Task<Answer> dispatch(Session& session, const Command& command);

}  // namespace postern::imap
