#include "storage/postgres/quota_watch.h"

#include "gateway/base/text.h"
#include "storage/postgres/page_codec.h"
#include "storage/postgres/quota_notice.h"
#include "storage/postgres/repeatable.h"
#include "storage/postgres/sha256.h"

namespace postern::postgres {

namespace {

constexpr Milliseconds kInterval = std::chrono::minutes(1);

constexpr Statement kPoolsChanged{"quota_pools_changed", R"sql(
  WITH pool AS MATERIALIZED (
    SELECT domain_id,
           coalesce(sum(usage.octets) >= quota.pool_octets, false)
             OR coalesce(sum(usage.messages) >= quota.pool_messages, false) AS is_full
      FROM domain_quotas quota JOIN accounts account USING (domain_id) JOIN account_usage usage USING (account_id)
     WHERE account.deleted_at IS NULL AND (quota.pool_octets IS NOT NULL OR quota.pool_messages IS NOT NULL)
     GROUP BY domain_id, quota.pool_octets, quota.pool_messages)
  SELECT usage.account_id, true
    FROM pool JOIN accounts account USING (domain_id) JOIN account_usage usage USING (account_id)
   WHERE pool.is_full AND NOT usage.pool_full
  UNION ALL
  SELECT usage.account_id, false
    FROM account_usage usage JOIN accounts account USING (account_id) LEFT JOIN pool USING (domain_id)
   WHERE usage.pool_full AND NOT coalesce(pool.is_full, false)
   ORDER BY 1)sql"};

constexpr Statement kMarkPoolFull{"quota_mark_pool_full", R"sql(
  UPDATE account_usage SET pool_full = $2::boolean WHERE account_id = $1::bigint)sql"};

// Both kinds of room; what is fuller counts.
constexpr Statement kToTell{"quota_to_tell", R"sql(
  SELECT usage.account_id, account.address, domain.name, coalesce(quota.administrator, ''), usage.level,
         usage.told, coalesce(usage.told_at::text, ''), usage.octets, usage.octets_max, usage.messages,
         usage.messages_max
    FROM (SELECT *, greatest(quota_level(octets, octets_max, 102400, told),
                             quota_level(messages, messages_max, 1, told)) AS level
            FROM account_usage
           WHERE octets_max IS NOT NULL OR messages_max IS NOT NULL OR told <> 0) usage
    JOIN accounts account USING (account_id)
    JOIN domains domain USING (domain_id)
    LEFT JOIN domain_quotas quota USING (domain_id)
   WHERE usage.level <> usage.told AND account.deleted_at IS NULL AND usage.account_id > $1::bigint
   ORDER BY usage.account_id
   LIMIT $2::bigint)sql"};

constexpr Statement kNoteTold{"quota_note_told", R"sql(
  UPDATE account_usage SET told = $2::smallint, told_at = now() WHERE account_id = $1::bigint)sql"};

// The fuller of two, as people read it.
QuotaFacts facts_from(const Row& row) {
  QuotaFacts facts;
  facts.address = row.get<std::string>(1);
  const auto octets = row.get<std::uint64_t>(7), messages = row.get<std::uint64_t>(9);
  const auto octets_max = row.get<std::optional<std::uint64_t>>(8);
  const auto messages_max = row.get<std::optional<std::uint64_t>>(10);
  const auto percent = [](std::uint64_t used, const std::optional<std::uint64_t>& max) {
    return max ? static_cast<std::uint64_t>(static_cast<double>(used) * 100 / static_cast<double>(*max)) : 0;
  };
  const bool by_messages = percent(messages, messages_max) > percent(octets, octets_max) || !octets_max;
  facts.percent = by_messages ? percent(messages, messages_max) : percent(octets, octets_max);
  facts.used = by_messages ? std::to_string(messages) + " messages" : octets_text(octets);
  if (by_messages && messages_max) facts.limit = std::to_string(*messages_max) + " messages";
  if (!by_messages) facts.limit = octets_text(*octets_max);
  return facts;
}

}  // namespace

struct QuotaWatch::Due {
  AccountId account{};
  std::string domain;
  std::string administrator;
  QuotaLevel level{};
  QuotaLevel told{};
  std::string told_at;
  QuotaFacts facts;
};

QuotaWatch::QuotaWatch(Database& database, Doorbell& doorbell, Directory& directory,
                       PostgresMessages& messages, Outbox& outbox, Quotas& quotas, const Settings& settings,
                       const Clock& clock)
    : database_(database),
      doorbell_(doorbell),
      directory_(directory),
      messages_(messages),
      outbox_(outbox),
      quotas_(quotas),
      relays_(!settings.relay.host.empty()),
      clock_(clock),
      log_(database.log()),
      lease_(database, "quota"),
      rounds_(database.loop(), database.log(), job()) {}

Job QuotaWatch::job() {
  Job job;
  job.name = "quota";
  job.round = [this] { return run_once(); };
  job.stop = [this] { stopping_ = true; };
  job.first_after = kInterval;
  job.interval = kInterval;
  return job;
}

Task<Result<void>> QuotaWatch::run_once() {
  CO_TRY(const bool ours, co_await lease_.take());
  if (!ours) co_return Result<void>();
  auto done = co_await round();
  CO_TRY_VOID(co_await lease_.end(Milliseconds(0)));
  co_return done;
}

Task<Result<void>> QuotaWatch::round() {
  CO_TRY_VOID(co_await mark_pools());
  co_return co_await tell_accounts();
}

Result<void> QuotaWatch::going_on() const {
  if (stopping_) return Error(ErrorKind::closed, "the watch stops");
  return {};
}

// Account by account: nobody's mail waits for a domain.
Task<Result<void>> QuotaWatch::mark_pools() {
  CO_TRY(const Rows changed, co_await database_.query(Lane::read, kPoolsChanged, Params()));
  for (std::size_t i = 0; i < changed.size(); ++i) {
    Params params(changed[i].get<AccountId>(0), changed[i].get<bool>(1));
    CO_TRY_VOID(co_await query_repeatable(database_, Lane::write, kMarkPoolFull, std::move(params)));
    CO_TRY_VOID(going_on());
    CO_TRY(const bool kept, co_await lease_.keep());
    if (!kept) co_return Error(ErrorKind::stale, "another process watches");
  }
  co_return Result<void>();
}

Task<Result<void>> QuotaWatch::tell_accounts() {
  for (AccountId after{};;) {
    CO_TRY(const Rows rows, co_await database_.query(Lane::read, kToTell, Params(after, kAccountsMax)));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Due due;
      due.account = after = rows[i].get<AccountId>(0);
      due.facts = facts_from(rows[i]);
      due.domain = rows[i].get<std::string>(2);
      due.administrator = rows[i].get<std::string>(3);
      due.level = static_cast<QuotaLevel>(rows[i].get<std::int16_t>(4));
      due.told = static_cast<QuotaLevel>(rows[i].get<std::int16_t>(5));
      due.told_at = rows[i].get<std::string>(6);
      // Between two levels on the way down there is nothing to say.
      if (due.level > due.told || due.level == QuotaLevel::relieved) {
        CO_TRY_VOID(co_await tell(due));
      }
      Params told(due.account, static_cast<std::int16_t>(due.level));
      CO_TRY_VOID(co_await query_repeatable(database_, Lane::write, kNoteTold, std::move(told)));
      CO_TRY_VOID(going_on());
      CO_TRY(const bool kept, co_await lease_.keep());
      if (!kept) co_return Error(ErrorKind::stale, "another process watches");
    }
    if (static_cast<std::int64_t>(rows.size()) < kAccountsMax) co_return Result<void>();
  }
}

Task<Result<void>> QuotaWatch::tell(const Due& due) {
  QuotaLetter letter;
  CO_TRY(letter.notice, co_await quotas_.notice(due.domain, due.level));
  letter.facts = due.facts;
  letter.copy_to = due.administrator;
  letter.at = clock_.now();
  Sha256 hash;
  hash.add("quota:").add(std::to_string(raw(due.account))).add(":").add(due.told_at).add(":");
  const std::string key = hash.add(std::to_string(static_cast<int>(due.level))).finish();
  letter.token = text::hex(key).substr(0, 32);

  const std::unique_ptr<MessageSink> sink = messages_.receive(due.account, "");
  const std::string octets = compose(letter);
  CO_TRY_VOID(co_await sink->write(octets));
  CO_TRY(const StagedMessage staged, co_await sink->finish());
  CO_TRY_VOID(co_await deliver(due.account, staged, key));
  if (!due.administrator.empty()) {
    const auto copied = co_await copy_to(due.administrator, due.account, staged, key);
    if (!copied) {
      log_.event(Level::warning, "quota.no_copy",
                 {{"account", raw(due.account)}, {"detail", copied.error().detail}});
    }
  }
  log_.event(Level::info, "quota.told",
             {{"account", raw(due.account)}, {"level", static_cast<int>(due.level)}});
  co_return Result<void>();
}

// A full mailbox takes this one.
Task<Result<void>> QuotaWatch::deliver(AccountId account, const StagedMessage& letter, std::string key) {
  Placement placement;
  placement.message = &letter;
  placement.account = account;
  placement.key = std::move(key);
  placement.flags = encode_flags(0, std::vector<KeywordTable::Number>());
  placement.internal_date = placement.save_date = clock_.now();
  const std::vector<const Placement*> placements(1, &placement);
  std::vector<Query> queries(1, place_messages(placements, Room::not_asked));
  CO_TRY(const std::vector<Rows> rows, co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  for (const Placed& placed : placed_from(rows.front())) {
    doorbell_.ring(MailboxKey{account, placed.mailbox}, placed.appended.modseq);
  }
  co_return Result<void>();
}

Task<Result<void>> QuotaWatch::copy_to(std::string administrator, AccountId account,
                                       const StagedMessage& letter, std::string key) {
  const auto found = co_await directory_.resolve(administrator);
  if (found) {
    for (const Recipient& recipient : *found) {
      if (recipient.account == account) continue;
      Delivery delivery;
      delivery.account = recipient.account;
      delivery.recipient = administrator;
      CO_TRY_VOID(co_await messages_.deliver(letter, std::move(delivery)));
    }
    co_return Result<void>();
  }
  if (!relays_) co_return found.error();
  NewSubmission submission;
  submission.key = std::move(key);
  OutboxRecipient recipient;
  recipient.address = std::move(administrator);
  recipient.notify = static_cast<std::uint8_t>(Notify::never);
  submission.envelope.recipients.push_back(std::move(recipient));
  CO_TRY_VOID(co_await outbox_.enqueue(letter, std::move(submission)));
  co_return Result<void>();
}

}  // namespace postern::postgres
