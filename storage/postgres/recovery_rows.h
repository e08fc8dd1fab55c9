// For how long an account's removed mail is kept, in one wording for every statement that asks.
#pragma once

#include "storage/postgres/statement.h"

// Of `account`, `domain` and `plan`: whether Feature::recovery_for_pop, bit 4, is on.
#define POSTERN_KEEPS_POP3                                                 \
  "((CASE WHEN account.features_set & 16 <> 0 THEN account.features_value" \
  " WHEN domain.features_set & 16 <> 0 THEN domain.features_value"         \
  " ELSE plan.features END) & 16 <> 0)"

// The beginning of a statement whose $1 is the account: `kept` says what is not due for the purge.
#define POSTERN_WITH_KEPT                                                                        \
  "WITH kept AS MATERIALIZED ("                                                                  \
  " SELECT make_interval(days => plan.recovery_days) AS span,"                                   \
  " now() - make_interval(days => plan.recovery_days) AS since, " POSTERN_KEEPS_POP3             \
  " AS pop3"                                                                                     \
  " FROM accounts account JOIN domains domain USING (domain_id) JOIN plans plan USING (plan_id)" \
  " WHERE account.account_id = $1::bigint) "

// What was restored, for the audit: of one row `done`, with the mailbox's name and what there is to say. $1
// is the account.
#define POSTERN_NOTE_RESTORE                                                                \
  "INSERT INTO audit (who, via, source, action, kind, object, tenant_id, domain_id, after)" \
  " SELECT acting('who'), acting('via'), acting('from'), 'restore', 'mailbox',"             \
  " account.address || '/' || done.name, domain.tenant_id, account.domain_id, done.said"    \
  " FROM done CROSS JOIN accounts account JOIN domains domain USING (domain_id)"            \
  " WHERE account.account_id = $1::bigint"

// Which rows of `expunged` can be brought back, joined with `kept`.
#define POSTERN_EXPUNGED_IS_KEPT                                                            \
  "expunged.purged_at IS NULL AND NOT expunged.moved AND expunged.expunged_at > kept.since" \
  " AND (expunged.door <> 0 OR kept.pop3)"
