#include "storage/postgres/purge.h"

#include <algorithm>

#include "storage/postgres/recovery_rows.h"

namespace postern::postgres {

namespace {

constexpr std::int64_t kAccountsMax = 500;  // looked at by one statement
constexpr Milliseconds kPause{50};
constexpr Milliseconds kBusyPause{100};
constexpr int kBusyTriesMax = 10;
// After a round the other processes need not look at once.
constexpr Milliseconds kRest = std::chrono::minutes(4);

// What an account's next statements have to do, for some accounts after $1.
constexpr Statement kAccountsDue{"purge_accounts_due", R"sql(
  WITH visited AS MATERIALIZED (
    SELECT account.account_id, plan.recovery_days, account.deleted_at,
           now() - make_interval(days => plan.recovery_days) AS before, )sql" POSTERN_KEEPS_POP3
                                                       R"sql( AS keeps_pop3
      FROM accounts account JOIN domains domain USING (domain_id) JOIN plans plan USING (plan_id)
     WHERE account.account_id > $1::bigint
     ORDER BY account.account_id
     LIMIT $2::bigint)
  SELECT account_id, recovery_days,
         EXISTS (SELECT FROM expunged
                  WHERE expunged.account_id = visited.account_id AND purged_at IS NULL AND expunged_at <= before)
         OR EXISTS (SELECT FROM expunged
                     WHERE expunged.account_id = visited.account_id AND purged_at IS NULL AND moved)
         OR (NOT keeps_pop3
             AND EXISTS (SELECT FROM expunged
                          WHERE expunged.account_id = visited.account_id AND purged_at IS NULL AND door = 0)),
         EXISTS (SELECT FROM mailboxes
                  WHERE mailboxes.account_id = visited.account_id AND removed_at <= before),
         coalesce(deleted_at <= before, false), keeps_pop3
    FROM visited
   ORDER BY account_id)sql"};

// From here on nobody can bring the account back, and its number is found by what is left of it.
constexpr Statement kEndAccount{"purge_account", R"sql(
  DELETE FROM accounts
   WHERE account_id = $1::bigint AND deleted_at <= now() - make_interval(days => $2::integer))sql"};

// Who waits for a lock holds up what stands behind it in the pipeline: mail. So this does not wait.
constexpr Statement kTryLockUsage{"purge_try_lock_usage", R"sql(
  SELECT FROM account_usage WHERE account_id = $1::bigint FOR UPDATE NOWAIT)sql"};

}  // namespace

Purge::Purge(Database& database, const StoreSettings& settings, Log log)
    : database_(database),
      write_key_days_(static_cast<std::int32_t>(std::max(settings.delivery_key_days, 1u))),
      outbox_days_(static_cast<std::int32_t>(std::max(settings.outbox_days, 1u))),
      log_(std::move(log)),
      lease_(database, "purge") {}

Task<Result<PurgeCounts>> Purge::run_once() {
  counts_ = PurgeCounts();
  CO_TRY(counts_.elected, co_await lease_.take());
  if (!counts_.elected) co_return counts_;
  auto done = co_await round();
  const Milliseconds rest = done ? kRest : Milliseconds(0);
  auto ended = co_await lease_.end(rest);
  if (!done) co_return done.error();
  if (!ended) co_return ended.error();
  co_return counts_;
}

Task<Result<void>> Purge::round() {
  CO_TRY_VOID(co_await visit_accounts());
  CO_TRY_VOID(co_await purge_outbox());
  CO_TRY_VOID(co_await wipe_accounts());
  CO_TRY_VOID(co_await collect_staged());
  CO_TRY_VOID(co_await forget_recovered());
  co_return co_await forget_write_keys();
}

Task<Result<void>> Purge::visit_accounts() {
  for (AccountId after{};;) {
    Params params(after, kAccountsMax);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kAccountsDue, std::move(params)));
    if (rows.empty()) co_return Result<void>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Due due;
      due.account = rows[i].get<AccountId>(0);
      due.recovery_days = rows[i].get<std::int32_t>(1);
      due.messages = rows[i].get<bool>(2);
      due.mailboxes = rows[i].get<bool>(3);
      due.deleted = rows[i].get<bool>(4);
      due.keeps_pop3 = rows[i].get<bool>(5);
      after = due.account;
      const Result<void> visited = co_await visit(due);
      if (visited) continue;
      // Busy, or its expunge log is damaged: nothing that should keep the others waiting.
      const Error& error = visited.error();
      if (error.kind != ErrorKind::timed_out && error.kind != ErrorKind::internal) co_return error;
      const Level level = error.kind == ErrorKind::internal ? Level::error : Level::debug;
      log_.event(level, "purge.skipped", {{"account", raw(due.account)}, {"reason", error.detail}});
    }
    CO_TRY_VOID(co_await pause());
  }
}

Task<Result<void>> Purge::visit(Due due) {
  if (due.deleted) {
    Params params(due.account, due.recovery_days);
    CO_TRY_VOID(co_await database_.query(Lane::write, kEndAccount, std::move(params)));
    co_return co_await pause();
  }
  if (due.messages) CO_TRY_VOID(co_await purge_expunged(due));
  if (due.mailboxes) CO_TRY_VOID(co_await purge_mailboxes(due));
  co_return Result<void>();
}

Task<Result<Rows>> Purge::under_lock(AccountId account, std::vector<Query> queries) {
  queries.insert(queries.begin(), Query(kTryLockUsage, Params(account)));
  for (int attempt = 1;; ++attempt) {
    std::vector<Query> again = queries;
    auto rows = co_await database_.batch(Lane::write, std::move(again));
    if (rows) co_return std::move(rows->back());
    const bool busy = rows.error().kind == ErrorKind::timed_out;
    if (!busy || attempt == kBusyTriesMax || stopping_) co_return rows.error();
    co_await sleep(database_.loop(), kBusyPause);
  }
}

Task<Result<std::uint64_t>> Purge::delete_all(const Statement& statement, Params params,
                                              std::uint64_t batch_max) {
  for (std::uint64_t all = 0;;) {
    Params again = params;
    CO_TRY(const Rows rows, co_await database_.query(Lane::write, statement, std::move(again)));
    all += rows.affected();
    if (rows.affected() > 0) CO_TRY_VOID(co_await pause());
    if (rows.affected() < batch_max) co_return all;
  }
}

Task<Result<void>> Purge::pause() {
  if (!stopping_) co_await sleep(database_.loop(), kPause);
  if (stopping_) co_return Error(ErrorKind::closed, "purge stops");
  CO_TRY(const bool kept, co_await lease_.keep());
  if (!kept) co_return Error(ErrorKind::stale, "another process purges");
  co_return Result<void>();
}

}  // namespace postern::postgres
