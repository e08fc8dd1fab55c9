// What STATUS and LIST-STATUS (RFC 5819) say of a mailbox.
#pragma once

#include <algorithm>

#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/session.h"

namespace postern::imap {

// Most is in the mailbox row. RECENT (what no session has claimed) and DELETED-STORAGE are looked up, only if
// they are asked for and not known to be zero. `items` must outlive the call.
Task<Result<StatusAnswer>> status_answer(Session& session, Mailbox mailbox,
                                         const std::vector<StatusItem>& items);

bool asks(const std::vector<StatusItem>& items, StatusItem item);

}  // namespace postern::imap
