#include "storage/postgres/retention.h"

#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Milliseconds kInterval = std::chrono::hours(1);
constexpr Milliseconds kFirstAfter = std::chrono::minutes(10);
constexpr Milliseconds kPause{50};
constexpr std::int64_t kMailboxesMax = 200;  // named by one statement

constexpr Statement kOfPlan{"retention_of_plan", R"sql(
  SELECT rules.trash_days, rules.junk_days
    FROM plans plan LEFT JOIN plan_retention rules USING (plan_id)
   WHERE plan.name = $1::text)sql"};

constexpr Statement kOfDomain{"retention_of_domain", R"sql(
  SELECT rules.trash_days, rules.junk_days
    FROM domains domain LEFT JOIN domain_retention rules USING (domain_id)
   WHERE domain.name = $1::text)sql"};

constexpr Statement kSetPlan{"set_retention_of_plan", R"sql(
  INSERT INTO plan_retention (plan_id, trash_days, junk_days)
  SELECT plan_id, $2::bigint::integer, $3::bigint::integer FROM plans WHERE name = $1::text
  ON CONFLICT (plan_id) DO UPDATE SET trash_days = excluded.trash_days, junk_days = excluded.junk_days)sql"};

constexpr Statement kSetDomain{"set_retention_of_domain", R"sql(
  INSERT INTO domain_retention (domain_id, trash_days, junk_days)
  SELECT domain_id, $2::bigint::integer, $3::bigint::integer FROM domains WHERE name = $1::text
  ON CONFLICT (domain_id) DO UPDATE SET trash_days = excluded.trash_days, junk_days = excluded.junk_days)sql"};

// Mailboxes that are Trash (7) or Junk (5), from a cursor on.
constexpr Statement kDue{"retention_due", R"sql(
  SELECT account_id, mailbox_id, days
    FROM (SELECT mailbox.account_id, mailbox.mailbox_id,
                 CASE mailbox.special_use WHEN 7 THEN coalesce(of_domain.trash_days, of_plan.trash_days, 0)
                                          ELSE coalesce(of_domain.junk_days, of_plan.junk_days, 0) END AS days
            FROM domains domain
            LEFT JOIN domain_retention of_domain USING (domain_id)
            LEFT JOIN plan_retention of_plan USING (plan_id)
            JOIN accounts account ON account.domain_id = domain.domain_id AND account.deleted_at IS NULL
            JOIN mailboxes mailbox ON mailbox.account_id = account.account_id AND mailbox.removed_at IS NULL
                                  AND mailbox.special_use IN (5, 7) AND mailbox.messages > 0
           WHERE of_domain.domain_id IS NOT NULL OR of_plan.plan_id IS NOT NULL) mailbox
   WHERE days > 0 AND (account_id, mailbox_id) > ($1::bigint, $2::bigint)
   ORDER BY account_id, mailbox_id
   LIMIT $3::bigint)sql"};

constexpr Statement kOld{"retention_old", R"sql(
  SELECT uid FROM messages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND uid > $3::bigint
     AND save_date <= now() - make_interval(days => $4::integer)
   ORDER BY uid
   LIMIT $5::bigint)sql"};

RetentionRules rules_from(const Row& row) {
  const auto days = [&row](int column) -> std::optional<std::uint32_t> {
    const auto value = row.get<std::optional<std::int32_t>>(column);
    if (!value) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
  };
  RetentionRules rules;
  rules.trash_days = days(0);
  rules.junk_days = days(1);
  return rules;
}

Result<void> check(const RetentionRules& rules) {
  const bool fits =
      rules.trash_days.value_or(0) <= kRetentionDaysMax && rules.junk_days.value_or(0) <= kRetentionDaysMax;
  if (!fits) return Error(ErrorKind::invalid, "3650 days at most");
  return {};
}

const Error kNoPlan(ErrorKind::not_found, "no such plan");
const Error kNoDomain(ErrorKind::not_found, "no such domain");

}  // namespace

Task<Result<RetentionRules>> PostgresRetention::of_plan(std::string name) {
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kOfPlan, Params(name)));
  if (rows.empty()) co_return kNoPlan;
  co_return rules_from(rows[0]);
}

Task<Result<RetentionRules>> PostgresRetention::of_domain(std::string name) {
  CO_TRY(const std::string normal, normal_domain(name));
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kOfDomain, Params(normal)));
  if (rows.empty()) co_return kNoDomain;
  co_return rules_from(rows[0]);
}

Task<Result<void>> PostgresRetention::set_plan(std::string name, RetentionRules rules) {
  CO_TRY_VOID(check(rules));
  Params params(name, rules.trash_days, rules.junk_days);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kSetPlan, std::move(params)));
  if (rows.affected() == 0) co_return kNoPlan;
  co_return Result<void>();
}

Task<Result<void>> PostgresRetention::set_domain(std::string name, RetentionRules rules) {
  CO_TRY(const std::string normal, normal_domain(name));
  CO_TRY_VOID(check(rules));
  Params params(normal, rules.trash_days, rules.junk_days);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kSetDomain, std::move(params)));
  if (rows.affected() == 0) co_return kNoDomain;
  co_return Result<void>();
}

RetentionRounds::RetentionRounds(Database& database, MessageStore& messages)
    : database_(database),
      messages_(messages),
      lease_(database, "retention"),
      rounds_(database.loop(), database.log(), job()) {}

Job RetentionRounds::job() {
  Job job;
  job.name = "retention";
  job.round = [this] { return log_round(); };
  job.stop = [this] { stopping_ = true; };
  job.first_after = kFirstAfter;
  job.interval = kInterval;
  return job;
}

Task<Result<void>> RetentionRounds::log_round() {
  CO_TRY(const std::uint64_t messages, co_await run_once());
  if (messages > 0) database_.log().event(Level::info, "retention.done", {{"messages", messages}});
  co_return Result<void>();
}

Task<Result<std::uint64_t>> RetentionRounds::run_once() {
  CO_TRY(const bool ours, co_await lease_.take());
  if (!ours) co_return std::uint64_t{0};
  auto done = co_await round();
  CO_TRY_VOID(co_await lease_.end(Milliseconds(0)));
  co_return done;
}

Task<Result<std::uint64_t>> RetentionRounds::round() {
  std::uint64_t all = 0;
  for (MailboxKey after;;) {
    Params params(after.account, after.mailbox, kMailboxesMax);
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kDue, std::move(params)));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Due due;
      due.mailbox = after = MailboxKey{rows[i].get<AccountId>(0), rows[i].get<MailboxId>(1)};
      due.days = rows[i].get<std::int32_t>(2);
      auto cleared = co_await clear(due);
      // A mailbox that was removed meanwhile is none of ours.
      if (!cleared && cleared.error().kind == ErrorKind::not_found) continue;
      if (!cleared) co_return cleared;
      all += *cleared;
    }
    if (static_cast<std::int64_t>(rows.size()) < kMailboxesMax) co_return all;
  }
}

// Rows outlive their messages; what is in the mailbox the snapshot knows.
Task<Result<std::uint64_t>> RetentionRounds::clear(Due due) {
  const Removal removal(Door::job, "retention: " + std::to_string(due.days) + " days");
  std::uint64_t all = 0;
  for (std::int64_t after = 0;;) {
    Params params(due.mailbox.account, due.mailbox.mailbox, after, due.days,
                  static_cast<std::int64_t>(kMessagesMax));
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kOld, std::move(params)));
    if (rows.empty()) co_return all;
    UidSet old;
    for (std::size_t i = 0; i < rows.size(); ++i) old.add(rows[i].get<Uid>(0));
    after = raw(old.last());
    CO_TRY(const Expunged gone, co_await messages_.remove(due.mailbox, std::move(old), removal));
    all += gone.uids.size();
    CO_TRY_VOID(co_await pause());
    if (rows.size() < kMessagesMax) co_return all;
  }
}

Task<Result<void>> RetentionRounds::pause() {
  if (!stopping_) co_await sleep(database_.loop(), kPause);
  if (stopping_) co_return Error(ErrorKind::closed, "retention stops");
  CO_TRY(const bool kept, co_await lease_.keep());
  if (!kept) co_return Error(ErrorKind::stale, "another process is at it");
  co_return Result<void>();
}

}  // namespace postern::postgres
