// The columns of a mailboxes row that make a MailboxStatus, in one order for every statement that returns
// them.
#pragma once

#include "storage/model/mailbox.h"
#include "storage/postgres/statement.h"

#define POSTERN_STATUS_COLUMNS \
  "uid_validity, uid_next, highest_modseq, first_recent, messages, unseen, deleted, octets"

namespace postern::postgres {

constexpr int kStatusColumns = 8;

// From the columns above, the first of them at `column`.
MailboxStatus status_from_row(const Row& row, int column);

}  // namespace postern::postgres
