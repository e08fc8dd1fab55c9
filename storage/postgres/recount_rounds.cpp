#include "storage/postgres/recount_rounds.h"

#include <fmt/format.h>

#include "storage/postgres/recount.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr std::int64_t kAccountsMax = 500;  // named by one statement
constexpr Milliseconds kPause{20};
constexpr Milliseconds kLookEvery = std::chrono::minutes(5);
constexpr std::size_t kDriftsMax = 1000;  // kept of one account

constexpr Statement kAccounts{"recount_accounts_after", R"sql(
  SELECT account_id FROM account_usage WHERE account_id > $1::bigint ORDER BY account_id LIMIT $2::bigint)sql"};

constexpr Statement kForgetDrifts{"recount_forget", "DELETE FROM quota_drifts WHERE account_id = $1::bigint"};
constexpr Statement kForgetDriftsOfEnded{"recount_forget_ended", R"sql(
  DELETE FROM quota_drifts
   WHERE NOT EXISTS (SELECT FROM account_usage WHERE account_usage.account_id = quota_drifts.account_id))sql"};

constexpr Statement kKeepDrifts{"recount_keep", R"sql(
  INSERT INTO quota_drifts (account_id, what, stored, counted)
  SELECT $1::bigint, drift.what, drift.stored, drift.counted
    FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS drift(what, stored, counted))sql"};

}  // namespace

RecountRounds::RecountRounds(Database& database, const NightlySettings& when, Log log)
    : database_(database),
      log_(log),
      nightly_(database, "recount", when),
      rounds_(database.loop(), std::move(log), job()) {}

Job RecountRounds::job() {
  Job job;
  job.name = "recount";
  job.round = [this] { return run_once(); };
  job.stop = [this] { stopping_ = true; };
  job.first_after = kLookEvery;
  job.interval = kLookEvery;
  return job;
}

Task<Result<void>> RecountRounds::run_once() {
  CO_TRY(const bool ours, co_await nightly_.take());
  if (!ours) co_return Result<void>();
  auto counted = co_await count();
  if (!counted) {
    CO_TRY_VOID(co_await nightly_.put_off());
    co_return counted;
  }
  co_return co_await nightly_.done();
}

Task<Result<void>> RecountRounds::count() {
  for (AccountId after{};;) {
    CO_TRY(const Rows accounts, co_await database_.query(Lane::read, kAccounts, Params(after, kAccountsMax)));
    if (accounts.empty()) break;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      after = accounts[i].get<AccountId>(0);
      CO_TRY_VOID(co_await count(after));
      if (!stopping_) co_await sleep(database_.loop(), kPause);
      if (stopping_) co_return Error(ErrorKind::closed, "the recount stops");
      CO_TRY(const bool kept, co_await nightly_.keep());
      if (!kept) co_return Error(ErrorKind::stale, "another process recounts");
    }
  }
  CO_TRY_VOID(co_await database_.query(Lane::write, kForgetDriftsOfEnded, Params()));
  co_return Result<void>();
}

Task<Result<void>> RecountRounds::count(AccountId account) {
  CO_TRY(const std::vector<Drift> drifts, co_await recount(database_, account));
  std::vector<std::string> what;
  std::vector<std::int64_t> stored, counted;
  for (const Drift& drift : drifts) {
    if (what.size() == kDriftsMax) break;
    what.push_back(drift.mailbox ? fmt::format("{} of mailbox {}", drift.what, raw(*drift.mailbox))
                                 : drift.what);
    stored.push_back(drift.stored);
    counted.push_back(drift.counted);
  }
  std::vector<Query> queries;
  queries.emplace_back(kForgetDrifts, Params(account));
  if (!what.empty()) queries.emplace_back(kKeepDrifts, Params(account, what, stored, counted));
  CO_TRY_VOID(co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  if (!drifts.empty()) {
    const Drift& first = drifts.front();
    log_.event(Level::error, "recount.drift",
               {{"account", raw(account)},
                {"counters", drifts.size()},
                {"first", first.what},
                {"stored", first.stored},
                {"counted", first.counted}});
  }
  co_return Result<void>();
}

}  // namespace postern::postgres
