// What workers do with the outbox: claim, renew, read, record, release.
#include "storage/postgres/outbox.h"
#include "storage/postgres/outbox_rows.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

// A holder that dies loses its messages by the clock: next_attempt is the end of its lease.
constexpr Statement kClaim{"outbox_claim", R"sql(
  WITH due AS MATERIALIZED (
    SELECT account_id, outbox_id FROM outbox
     WHERE next_attempt <= now()
     ORDER BY next_attempt
     LIMIT $2::bigint
       FOR UPDATE SKIP LOCKED)
  UPDATE outbox
     SET holder = $1::bytea, attempts = attempts + 1, next_attempt = now() + $3::bigint * interval '1 ms'
    FROM due
   WHERE outbox.account_id = due.account_id AND outbox.outbox_id = due.outbox_id
  RETURNING )sql" POSTERN_QUEUED_COLUMNS};

constexpr Statement kNextDue{"outbox_next_due", R"sql(
  SELECT (extract(epoch FROM min(next_attempt) - now()) * 1000)::bigint
    FROM outbox WHERE next_attempt IS NOT NULL)sql"};

constexpr Statement kRenew{"outbox_renew", R"sql(
  UPDATE outbox SET next_attempt = now() + $2::bigint * interval '1 ms'
   WHERE next_attempt > now() AND holder = $1::bytea)sql"};

// What is settled stays so: a delivery is a fact, whoever reports it.
constexpr Statement kRecord{"outbox_record", R"sql(
  UPDATE outbox_recipients recipient
     SET state = result.state, report = result.report, answer = result.answer,
         settled_at = CASE WHEN result.state <> 0 THEN now() END
    FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[]) AS result(number, state, report, answer)
   WHERE recipient.account_id = $1::bigint AND recipient.outbox_id = $2::bigint
     AND recipient.number = result.number AND recipient.state = 0)sql"};

constexpr Statement kReported{"outbox_reported", R"sql(
  UPDATE outbox_recipients SET report = 0
   WHERE account_id = $1::bigint AND outbox_id = $2::bigint AND number = ANY ($3::bigint[]))sql"};

constexpr Statement kRelease{"outbox_release", R"sql(
  WITH open AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM outbox_recipients
                    WHERE account_id = $1::bigint AND outbox_id = $2::bigint AND (state = 0 OR report <> 0)) AS more)
  UPDATE outbox
     SET holder = NULL, warned = warned OR $6::boolean,
         next_attempt = CASE WHEN open.more THEN now() + $5::bigint * interval '1 ms' END,
         finished_at = CASE WHEN NOT open.more THEN now() END
    FROM open
   WHERE account_id = $1::bigint AND outbox_id = $2::bigint AND holder = $3::bytea AND attempts = $4::integer)sql"};

constexpr std::int64_t kLeaseMs = Outbox::kLease.count();

}  // namespace

Task<Result<Claimed>> PostgresOutbox::claim(std::string holder, std::uint32_t messages_max) {
  std::vector<Query> queries;
  queries.emplace_back(kClaim, Params(Bytes{holder}, messages_max, kLeaseMs));
  queries.emplace_back(kNextDue, Params());
  CO_TRY(const std::vector<Rows> rows, co_await database_.batch(Lane::write, std::move(queries)));
  Claimed claimed;
  for (std::size_t i = 0; i < rows[0].size(); ++i) claimed.messages.push_back(queued_from_row(rows[0][i]));
  const auto due = rows[1][0].get<std::optional<std::int64_t>>(0);
  if (due) claimed.next_due = Milliseconds(std::max<std::int64_t>(*due, 0));
  co_return claimed;
}

Task<Result<void>> PostgresOutbox::renew(std::string holder) {
  Params params(Bytes{holder}, kLeaseMs);
  CO_TRY_VOID(co_await database_.query(Lane::write, kRenew, std::move(params)));
  co_return Result<void>();
}

Task<Result<std::unique_ptr<MessageReader>>> PostgresOutbox::open(const QueuedMessage& message) {
  co_return blobs_.reader(message.key.account, message.blob, message.size);
}

Task<Result<void>> PostgresOutbox::record(OutboxKey key, std::vector<RecipientResult> results) {
  std::vector<std::int64_t> numbers;
  std::vector<std::int64_t> states;
  std::vector<std::int64_t> reports;
  std::vector<std::string> answers;
  for (const RecipientResult& result : results) {
    numbers.push_back(result.number);
    states.push_back(static_cast<std::int64_t>(result.state));
    reports.push_back(static_cast<std::int64_t>(result.report));
    answers.push_back(result.answer);
  }
  Params params(key.account, key.id, numbers, states, reports, answers);
  CO_TRY_VOID(co_await query_repeatable(database_, Lane::write, kRecord, std::move(params)));
  co_return Result<void>();
}

Task<Result<void>> PostgresOutbox::release(const QueuedMessage& message, std::string holder,
                                           Release release) {
  const auto [account, id] = message.key;
  std::vector<Query> queries;
  if (!release.reported.empty()) {
    const std::vector<std::int64_t> numbers(release.reported.begin(), release.reported.end());
    queries.emplace_back(kReported, Params(account, id, numbers));
  }
  const auto attempt = static_cast<std::int32_t>(message.attempts);
  const auto retry_in_ms = static_cast<std::int64_t>(release.retry_in.count());
  queries.emplace_back(kRelease, Params(account, id, Bytes{holder}, attempt, retry_in_ms, release.warned));
  CO_TRY_VOID(co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  co_return Result<void>();
}

}  // namespace postern::postgres
