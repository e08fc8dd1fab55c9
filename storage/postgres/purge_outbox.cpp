// Purge of mail that went out, or could not: its rows, and its octets unless a mailbox has them too.
#include "storage/postgres/purge.h"

namespace postern::postgres {

namespace {

constexpr Statement kFinishedDue{"purge_outbox_due", R"sql(
  SELECT DISTINCT account_id FROM (
    SELECT account_id FROM outbox
     WHERE finished_at < now() - make_interval(days => $1::integer)
     ORDER BY finished_at LIMIT 500) due)sql"};

// Behind the account's lock, as kPurgeMessages. The limits count rows of one day, and the least is a day
// here.
constexpr Statement kPurgeOutbox{"purge_outbox", R"sql(
  WITH gone AS (
    DELETE FROM outbox
     WHERE account_id = $1::bigint
       AND outbox_id IN (SELECT outbox_id FROM outbox
                          WHERE account_id = $1::bigint
                            AND finished_at < now() - make_interval(days => $2::integer)
                          LIMIT $3::bigint)
    RETURNING outbox_id, blob_id),
  recipients AS (
    DELETE FROM outbox_recipients
     WHERE account_id = $1::bigint AND outbox_id IN (SELECT outbox_id FROM gone)),
  freed AS (
    DELETE FROM blobs
     WHERE account_id = $1::bigint AND blob_id IN (SELECT blob_id FROM gone)
       AND NOT EXISTS (SELECT FROM messages
                        WHERE messages.account_id = $1::bigint AND messages.blob_id = blobs.blob_id)
    RETURNING blob_id),
  left_over AS (
    INSERT INTO staged_blobs (account_id, blob_id)
    SELECT $1::bigint, blob_id
      FROM freed
     WHERE EXISTS (SELECT FROM blob_chunks chunk
                    WHERE chunk.account_id = $1::bigint AND chunk.blob_id = freed.blob_id)
    ON CONFLICT (account_id, blob_id) DO NOTHING)
  SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM freed))sql"};

}  // namespace

Task<Result<void>> Purge::purge_outbox() {
  for (std::uint64_t gone = 1; gone > 0;) {
    gone = 0;
    Params due(outbox_days_);
    CO_TRY(const Rows accounts, co_await database_.query(Lane::read, kFinishedDue, std::move(due)));
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      const auto account = accounts[i].get<AccountId>(0);
      std::vector<Query> queries;
      queries.emplace_back(kPurgeOutbox, Params(account, outbox_days_, kMessagesMax));
      const Result<Rows> rows = co_await under_lock(account, std::move(queries));
      if (!rows && rows.error().kind == ErrorKind::timed_out) continue;  // busy: the next round
      if (!rows) co_return rows.error();
      gone += (*rows)[0].get<std::uint64_t>(0);
      counts_.outbox += (*rows)[0].get<std::uint64_t>(0);
      counts_.blobs += (*rows)[0].get<std::uint64_t>(1);
      CO_TRY_VOID(co_await pause());
    }
  }
  co_return Result<void>();
}

}  // namespace postern::postgres
