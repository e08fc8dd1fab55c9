// A queued message with its recipients, as columns and as a value.
#pragma once

#include "storage/outbox.h"
#include "storage/postgres/statement.h"

// Of the table outbox; queued_from_row() reads them from column 0.
#define POSTERN_QUEUED_COLUMNS \
  "outbox.account_id, outbox.outbox_id, reverse_path, envelope_id, return_content, eight_bit, smtputf8," \
  " blob_id, size, queued_at, expires_at, next_attempt, attempts,"                                      \
  " holder IS NOT NULL AND next_attempt > now(), warned, "                                              \
  POSTERN_OF_RECIPIENTS("number::bigint") ", " POSTERN_OF_RECIPIENTS("address") ", "                    \
  POSTERN_OF_RECIPIENTS("notify::bigint") ", " POSTERN_OF_RECIPIENTS("original") ", "                   \
  POSTERN_OF_RECIPIENTS("state::bigint") ", " POSTERN_OF_RECIPIENTS("report::bigint") ", "              \
  POSTERN_OF_RECIPIENTS("answer") ", "                                                                  \
  POSTERN_OF_RECIPIENTS("coalesce((extract(epoch FROM settled_at) * 1000000)::bigint, 0)")
#define POSTERN_OF_RECIPIENTS(column)                                \
  "ARRAY(SELECT " column                                             \
  " FROM outbox_recipients r WHERE r.account_id = outbox.account_id" \
  " AND r.outbox_id = outbox.outbox_id ORDER BY number)"

namespace postern::postgres {

QueuedMessage queued_from_row(const Row& row);

}  // namespace postern::postgres
