// What STATUS and LIST-STATUS (RFC 5819) say of a mailbox.
#pragma once

#include <algorithm>

#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/session.h"

namespace postern::imap {

// RECENT counts what no session has claimed; it is looked up only if asked for and not known to be zero.
Task<Result<StatusAnswer>> status_answer(Session& session, Mailbox mailbox, bool count_recent);

bool asks(const std::vector<StatusItem>& items, StatusItem item);

}  // namespace postern::imap
