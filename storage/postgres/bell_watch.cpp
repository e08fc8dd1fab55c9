#include "storage/postgres/bell_watch.h"

#include <algorithm>
#include <set>

namespace postern::postgres {

namespace {

constexpr std::size_t kRereadMax = 5000;  // mailboxes or accounts in one query

constexpr Statement kReread{"reread_modseqs", R"sql(
  SELECT m.account_id, m.mailbox_id, m.highest_modseq
    FROM unnest($1::bigint[], $2::bigint[]) AS wanted (account_id, mailbox_id)
    JOIN mailboxes m ON m.account_id = wanted.account_id AND m.mailbox_id = wanted.mailbox_id)sql"};

// Rows that change for other reasons as well (a domain's catch-all) make a ring too many, which only costs a
// look. Of devices, what an administrator decides.
constexpr Statement kRereadAccounts{"reread_accounts", R"sql(
  SELECT wanted.account_id,
         hashtextextended(concat_ws(' ', account.xmin, domain.xmin, plan.xmin,
           (SELECT string_agg(mailbox_id || ' ' || name, '/' ORDER BY mailbox_id)
              FROM mailboxes WHERE mailboxes.account_id = wanted.account_id AND removed_at IS NULL),
           (SELECT string_agg(name, '/' ORDER BY name)
              FROM subscriptions WHERE subscriptions.account_id = wanted.account_id),
           (SELECT annotations_revision
              FROM account_usage WHERE account_usage.account_id = wanted.account_id),
           (SELECT string_agg(concat_ws(' ', device_id, decided, by_rule, wipe, wiped_at), '/'
                              ORDER BY device_id)
              FROM device_records WHERE device_records.account_id = wanted.account_id)), 0)
    FROM unnest($1::bigint[]) AS wanted (account_id)
    JOIN accounts account USING (account_id)
    JOIN domains domain USING (domain_id)
    JOIN plans plan USING (plan_id))sql"};

// At most kRereadMax of them.
template <class Key>
std::vector<Key> part_of(const std::vector<Key>& keys, std::size_t at) {
  const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(at);
  const auto end = keys.begin() + static_cast<std::ptrdiff_t>(std::min(at + kRereadMax, keys.size()));
  return std::vector<Key>(begin, end);
}

template <class Told, class Key>
void forget_others(Told& told, const std::vector<Key>& watched) {
  const std::set<Key> still(watched.begin(), watched.end());
  std::erase_if(told, [&](const auto& entry) { return !still.contains(entry.first); });
}

}  // namespace

BellWatch::BellWatch(Database& database, ChangeBus& bus, const Settings& settings)
    : database_(database),
      bus_(bus),
      interval_(std::max(settings.store.watch_interval_s, 1U) * 1000),
      account_interval_(std::max(settings.store.account_watch_interval_s, 1U) * 1000),
      wake_(database.loop()),
      timer_(database.loop(), [this] { wake_.send(Round::mailboxes); }),
      scope_(database.loop()) {
  scope_.start(run());
}

void BellWatch::told(MailboxKey mailbox, ModSeq now) {
  const auto known = told_.find(mailbox);
  if (known != told_.end()) known->second = std::max(known->second, now);
}

Task<void> BellWatch::run() {
  while (!closing_) {
    timer_.start(interval_);
    const std::optional<Round> round = co_await wake_.next();
    if (!round || closing_) break;
    co_await reread_mailboxes();
    since_accounts_ += interval_;
    const bool due = round == Round::everything || since_accounts_ >= account_interval_;
    if (due && !closing_) co_await reread_accounts();
  }
}

Task<void> BellWatch::reread_mailboxes() {
  const std::vector<MailboxKey> watched = bus_.watched();
  forget_others(told_, watched);
  for (std::size_t at = 0; at < watched.size() && !closing_; at += kRereadMax) {
    std::vector<MailboxKey> some = part_of(watched, at);
    co_await reread(std::move(some));
  }
}

Task<void> BellWatch::reread(std::vector<MailboxKey> mailboxes) {
  std::vector<std::int64_t> accounts;
  std::vector<std::int64_t> numbers;
  for (const MailboxKey& key : mailboxes) {
    accounts.push_back(raw(key.account));
    numbers.push_back(raw(key.mailbox));
  }
  Params params(accounts, numbers);
  const Result<Rows> rows = co_await database_.query(Lane::read, kReread, std::move(params));
  if (!rows) co_return;  // the next round will tell
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const Row row = (*rows)[i];
    MailboxKey key;
    key.account = row.get<AccountId>(0);
    key.mailbox = row.get<MailboxId>(1);
    const ModSeq now = row.get<ModSeq>(2);
    const auto [known, is_new] = told_.try_emplace(key, now);
    // A mailbox that is new to the watch is rung once: what its listener had read may be older.
    if (!is_new && known->second >= now) continue;
    known->second = now;
    bus_.ring(key, now);
  }
}

Task<void> BellWatch::reread_accounts() {
  since_accounts_ = Milliseconds(0);
  const std::vector<AccountId> watched = bus_.watched_accounts();
  forget_others(told_accounts_, watched);
  for (std::size_t at = 0; at < watched.size() && !closing_; at += kRereadMax) {
    std::vector<AccountId> some = part_of(watched, at);
    co_await reread(std::move(some));
  }
}

Task<void> BellWatch::reread(std::vector<AccountId> accounts) {
  std::vector<std::int64_t> numbers;
  for (const AccountId account : accounts) numbers.push_back(raw(account));
  Params params(numbers);
  const Result<Rows> rows = co_await database_.query(Lane::read, kRereadAccounts, std::move(params));
  if (!rows) co_return;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const Row row = (*rows)[i];
    const auto account = row.get<AccountId>(0);
    const auto now = row.get<std::int64_t>(1);
    const auto [known, is_new] = told_accounts_.try_emplace(account, now);
    // One that is new to the watch is rung once, as above.
    if (!is_new && known->second == now) continue;
    known->second = now;
    bus_.ring_account(account);
  }
}

Task<void> BellWatch::close() {
  closing_ = true;
  timer_.stop();
  wake_.send(Round::mailboxes);
  co_await scope_.drained();
}

}  // namespace postern::postgres
