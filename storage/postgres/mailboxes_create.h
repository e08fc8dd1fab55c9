// What CREATE and RENAME share: the account's lock, and making the mailboxes that are missing.
#pragma once

#include "storage/model/mailbox.h"
#include "storage/postgres/mailbox_row.h"
#include "storage/postgres/statement.h"

#define POSTERN_MAILBOX_COLUMNS "mailbox_id, name, special_use, " POSTERN_STATUS_COLUMNS

namespace postern::postgres {

// From the columns above. internal: the stored name is not one that MailboxName allows.
Result<Mailbox> mailbox_from_row(AccountId account, const Row& row);

// $1 account
extern const Statement kLockUsage;

// $1 account, $2 names, parents first, $3 role of the last, $4 mailboxes at most, $5 whether the last must be
// new. Creates those that do not exist, with a UIDVALIDITY each, and returns their POSTERN_MAILBOX_COLUMNS;
// no row if there were too many.
extern const Statement kCreateMailboxes;

// The names for $2: the mailbox and what is above it.
std::vector<std::string> names_with_parents(const MailboxName& name);

}  // namespace postern::postgres
