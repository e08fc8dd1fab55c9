#include "storage/postgres/deliveries.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "storage/postgres/write_keys.h"

namespace postern::postgres {

namespace {

constexpr Statement kWhyRefused{"why_refused", R"sql(
  SELECT FROM accounts
    JOIN account_usage USING (account_id)
    JOIN mailboxes USING (account_id)
   WHERE account_id = $1::bigint AND deleted_at IS NULL AND removed_at IS NULL
     AND (mailbox_id = $2::bigint OR $2::bigint IS NULL AND name = 'INBOX'))sql"};

// libpq's buffer grows to the largest unit and never shrinks.
constexpr std::size_t kUnitOctetsMax = 2 * 1024 * 1024;
constexpr int kConflictsMax = 5;
constexpr Milliseconds kInDoubtPause{100};

// What a single placement's error means to the caller.
Error refusal(const Error& error) {
  if (error.kind == ErrorKind::invalid)
    return Error(ErrorKind::not_found, "no such mailbox: " + error.detail);
  if (error.kind == ErrorKind::internal) return error;
  return Error(ErrorKind::unavailable, error.detail);
}

}  // namespace

Deliveries::Deliveries(Database& database, Doorbell& doorbell, const Settings& settings)
    : database_(database),
      doorbell_(doorbell),
      waiting_max_(settings.database.queue_max),
      units_max_(std::max(1u, settings.database.write_connections)),
      batch_max_(std::max(1u, settings.store.batch_max)),
      patience_(database.loop(),
                [this] {
                  impatient_ = true;
                  dispatch();
                }),
      scope_(database.loop()) {}

Task<Result<Appended>> Deliveries::place(Placement placement) {
  if (waiting_.size() >= waiting_max_)
    co_return Error(ErrorKind::unavailable, "too many deliveries are waiting");
  Waiting waiting(database_.loop(), std::move(placement));
  waiting_.push_back(&waiting);
  dispatch();
  co_return co_await waiting.answer.get();
}

void Deliveries::dispatch() {
  if (dispatching_) return;  // a unit that ended at once: the loop below goes on
  dispatching_ = true;
  while (may_start()) {
    Unit unit = take_unit();
    if (unit.empty()) break;
    ++units_;
    impatient_ = false;
    patience_.start(kUnitPatience);
    scope_.start(run(std::move(unit)));
  }
  if (units_ == 0) patience_.stop();
  dispatching_ = false;
}

bool Deliveries::may_start() const {
  return units_ == 0 || (units_ < units_max_ && (impatient_ || waiting_.size() >= batch_max_));
}

Deliveries::Unit Deliveries::take_unit() {
  Unit unit;
  std::unordered_set<std::int64_t> accounts;
  std::size_t octets = 0;
  for (auto at = waiting_.begin(); at != waiting_.end() && unit.size() < batch_max_;) {
    const Placement& placement = (*at)->placement;
    const std::size_t more = placement.message->first_chunk.size() + placement.message->structure.size();
    if (!unit.empty() && octets + more > kUnitOctetsMax) break;
    if (busy_accounts_.contains(raw(placement.account))) {
      ++at;
      continue;
    }
    const bool twin = std::any_of(unit.begin(), unit.end(), [&placement](const Waiting* other) {
      return other->placement.account == placement.account && other->placement.key == placement.key;
    });
    if (twin) {
      ++at;
      continue;
    }
    octets += more;
    accounts.insert(raw(placement.account));
    unit.push_back(*at);
    at = waiting_.erase(at);
  }
  busy_accounts_.merge(accounts);
  std::stable_sort(unit.begin(), unit.end(), [](const Waiting* a, const Waiting* b) {
    return std::tie(a->placement.account, a->placement.mailbox) <
           std::tie(b->placement.account, b->placement.mailbox);
  });
  return unit;
}

Task<void> Deliveries::run(Unit unit) {
  std::vector<AccountId> accounts;  // noted first: an answered Waiting is gone
  for (const Waiting* waiting : unit) accounts.push_back(waiting->placement.account);
  co_await commit(std::move(unit), Deadline::after(kSettleTimeMax));
  for (const AccountId account : accounts) busy_accounts_.erase(raw(account));
  --units_;
  dispatch();
}

Task<void> Deliveries::commit(Unit unit, Deadline deadline) {
  while (!unit.empty()) {
    std::vector<const Placement*> placements;
    for (const Waiting* waiting : unit) placements.push_back(&waiting->placement);
    std::vector<Query> queries(1, place_messages(placements));
    auto rows = co_await database_.batch(Lane::write, std::move(queries));
    if (rows) {
      unit = co_await answer_from(std::move(unit), placed_from(rows->front()));
      co_await commit_singly(std::move(unit), deadline);
      co_return;
    }
    const Error error = rows.error();
    const bool any_in_doubt =
        std::any_of(unit.begin(), unit.end(), [](const Waiting* w) { return w->in_doubt; });
    if (error.kind == ErrorKind::closed) {
      unit = co_await settle(std::move(unit), deadline);
    } else if (error.kind == ErrorKind::unavailable && any_in_doubt && !deadline.passed()) {
      co_await sleep(database_.loop(), kInDoubtPause);
    } else if (error.kind != ErrorKind::unavailable && unit.size() > 1) {
      co_await commit_singly(std::move(unit), deadline);
      co_return;
    } else if (error.kind == ErrorKind::already_exists && ++unit.front()->conflicts < kConflictsMax) {
      continue;  // another node committed the same key between our look and our write: look again
    } else {
      for (Waiting* waiting : unit) waiting->answer.set(refusal(error));
      co_return;
    }
  }
}

Task<void> Deliveries::commit_singly(Unit unit, Deadline deadline) {
  for (Waiting* waiting : unit) {
    Unit single(1, waiting);
    co_await commit(std::move(single), deadline);
  }
}

Task<Deliveries::Unit> Deliveries::answer_from(Unit unit, std::vector<Placed> placed) {
  std::map<MailboxKey, ModSeq> changed;
  const std::size_t asked = unit.size();
  for (const Placed& one : placed) {
    Waiting& waiting = *std::exchange(unit[one.index], nullptr);
    Appended appended = one.appended;
    if (!appended.duplicate) {
      const MailboxKey key{waiting.placement.account, one.mailbox};
      changed[key] = std::max(changed[key], appended.modseq);
    }
    if (waiting.in_doubt) appended.duplicate = false;
    waiting.answer.set(appended);
  }
  for (const auto& [key, modseq] : changed) doorbell_.ring(key, modseq);
  std::erase(unit, nullptr);
  if (asked > 1 || unit.empty()) co_return unit;
  auto reason = co_await why_refused(unit.front()->placement);
  unit.front()->answer.set(std::move(reason));
  co_return Unit();
}

Task<Deliveries::Unit> Deliveries::settle(Unit unit, Deadline deadline) {
  Unit absent;
  for (Waiting* waiting : unit) {
    const AccountId account = waiting->placement.account;
    auto found = co_await settle_write(database_, account, waiting->placement.key, deadline);
    if (!found) {
      waiting->answer.set(found.error());
    } else if (*found) {
      Appended appended;
      appended.uid_validity = (*found)->uid_validity;
      appended.uid = (*found)->first_uid;
      appended.modseq = (*found)->modseq;
      waiting->answer.set(appended);
      doorbell_.ring((*found)->mailbox, appended.modseq);
    } else {
      waiting->in_doubt = true;
      absent.push_back(waiting);
    }
  }
  co_return absent;
}

Task<Result<Appended>> Deliveries::why_refused(const Placement& placement) {
  Params params(placement.account, placement.mailbox);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kWhyRefused, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account or mailbox");
  co_return Error(ErrorKind::over_quota, "the account has no room");
}

}  // namespace postern::postgres
