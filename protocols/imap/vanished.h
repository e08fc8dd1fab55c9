// VANISHED (EARLIER): what is gone since a client last looked (RFC 7162 §3.2.5, §3.2.6).
#pragma once

#include "gateway/async/task.h"
#include "protocols/imap/session.h"

namespace postern::imap {

// Prints those of `asked` that were expunged after `since` and are not in the view any more. The log of
// expunges is as old as the mailbox, so the answer is exact.
Task<Result<void>> tell_vanished_since(Selected& selected, UidSet asked, ModSeq since);

}  // namespace postern::imap
