// Which mailboxes a LIST or LSUB shows, and what it says of them (RFC 3501 §6.3.8, RFC 5258, RFC 3348, RFC
// 6154). Pure: names in, entries out. Cost: patterns × names.
#pragma once

#include <vector>

#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

struct ListMatch {
  ListEntry entry;
  const Mailbox* mailbox = nullptr;  // absent: a parent or a subscription without a mailbox
};

// Sorted by name. Borrows `mailboxes`.
std::vector<ListMatch> match_list(const List& list, const std::vector<Mailbox>& mailboxes,
                                  const std::vector<MailboxName>& subscriptions);

}  // namespace postern::imap
