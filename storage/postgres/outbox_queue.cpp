// What administrators do with the outbox: list, find, retry, drop.
#include "storage/postgres/outbox.h"
#include "storage/postgres/outbox_rows.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kList{"outbox_list", R"sql(
  SELECT )sql" POSTERN_QUEUED_COLUMNS R"sql(
    FROM outbox
   WHERE ($1::bigint IS NULL OR account_id = $1::bigint) AND ($2::boolean OR next_attempt IS NOT NULL)
   ORDER BY queued_at, outbox_id
   LIMIT $3::bigint)sql"};

constexpr Statement kFind{"outbox_find", R"sql(
  SELECT )sql" POSTERN_QUEUED_COLUMNS " FROM outbox WHERE outbox_id = $1::bigint"};

// Through the index of what is due; a queue that has grown beyond all measure is not counted to its end.
constexpr Statement kDepth{"outbox_depth", R"sql(
  SELECT count(*), count(*) FILTER (WHERE next_attempt < now() - interval '1 minute'),
         coalesce((extract(epoch FROM now() - min(queued_at)) * 1000)::bigint, 0)
    FROM (SELECT next_attempt, queued_at FROM outbox WHERE next_attempt IS NOT NULL
           ORDER BY next_attempt LIMIT $1::bigint) AS due)sql"};

// What administrators do is told to the audit, which no trigger does here: attempts change these rows as
// well.
#define POSTERN_AUDIT_QUEUE(action)                                                                  \
  " audited AS (INSERT INTO audit (who, via, source, action, kind, object, tenant_id, domain_id)"    \
  "  SELECT acting('who'), acting('via'), acting('from'), '" action                                  \
  "', 'queue',"                                                                                      \
  "         account.address || '/' || changed.outbox_id, domain.tenant_id, domain.domain_id"         \
  "    FROM changed JOIN accounts account USING (account_id) JOIN domains domain USING (domain_id))" \
  " SELECT FROM changed"

constexpr Statement kRetry{"outbox_retry", R"sql(
  WITH changed AS (
    UPDATE outbox SET next_attempt = now()
     WHERE outbox_id = $1::bigint AND next_attempt IS NOT NULL AND (holder IS NULL OR next_attempt <= now())
    RETURNING account_id, outbox_id),)sql" POSTERN_AUDIT_QUEUE("change")};

// An attempt that runs may still deliver; its result then finds nobody waiting.
constexpr Statement kDrop{"outbox_drop", R"sql(
  WITH changed AS (
    UPDATE outbox SET next_attempt = NULL, holder = NULL, finished_at = now()
     WHERE outbox_id = $1::bigint AND next_attempt IS NOT NULL
    RETURNING account_id, outbox_id),
  recipients AS (
    UPDATE outbox_recipients recipient
       SET state = 2, report = 0, answer = '554 5.7.0 Dropped by the administrator', settled_at = now()
      FROM changed
     WHERE recipient.account_id = changed.account_id AND recipient.outbox_id = changed.outbox_id
       AND recipient.state = 0),)sql" POSTERN_AUDIT_QUEUE("delete")};

}  // namespace

Task<Result<std::vector<QueuedMessage>>> PostgresOutbox::list(OutboxFilter filter) {
  Params params(filter.account, filter.finished, filter.messages_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kList, std::move(params)));
  std::vector<QueuedMessage> messages;
  for (std::size_t i = 0; i < rows.size(); ++i) messages.push_back(queued_from_row(rows[i]));
  co_return messages;
}

Task<Result<QueuedMessage>> PostgresOutbox::find(OutboxId id) {
  Params params(id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFind, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such message in the queue");
  co_return queued_from_row(rows[0]);
}

Task<Result<OutboxDepth>> PostgresOutbox::depth() {
  Params params(OutboxDepth::kMax);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kDepth, std::move(params)));
  const Row row = rows[0];
  OutboxDepth depth;
  depth.waiting = row.get<std::uint64_t>(0);
  depth.overdue = row.get<std::uint64_t>(1);
  depth.oldest = Milliseconds(row.get<std::int64_t>(2));
  co_return depth;
}

Task<Result<void>> PostgresOutbox::retry(OutboxId id) {
  CO_TRY_VOID(co_await change_one(id, kRetry));
  doorbell_.ring(kOutboxBell, ModSeq{1});
  co_return Result<void>();
}

Task<Result<void>> PostgresOutbox::drop(OutboxId id) {
  co_return co_await change_one(id, kDrop);
}

Task<Result<void>> PostgresOutbox::change_one(OutboxId id, const Statement& statement) {
  CO_TRY_VOID(co_await find(id));
  Params params(id);
  CO_TRY(const Rows rows, co_await query_repeatable(database_, Lane::write, statement, std::move(params)));
  if (rows.affected() == 0) co_return Error(ErrorKind::stale, "it is finished, or on its way just now");
  co_return Result<void>();
}

}  // namespace postern::postgres
