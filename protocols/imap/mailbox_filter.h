// Which mailboxes NOTIFY (RFC 5465 §6) and ESEARCH (RFC 7377 §2.2) mean. Pure.
#pragma once

#include <set>

#include "protocols/imap/command.h"

namespace postern::imap {

// Whether the filter means a mailbox of this name. The selected mailbox is the session's to know: those
// filters match none. Mail may come into any mailbox (copies, rules of devices), so "inboxes" means all (RFC
// 5465 §6.3).
bool matches(const MailboxFilter& filter, const MailboxName& name,
             const std::set<MailboxName>& subscriptions);

bool is_of_selected(const MailboxFilter& filter);

}  // namespace postern::imap
