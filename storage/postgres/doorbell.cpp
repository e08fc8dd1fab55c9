#include "storage/postgres/doorbell.h"

#include <algorithm>

#include "storage/postgres/ring_payload.h"

namespace postern::postgres {

namespace {

constexpr const char* kChannel = "postern";
constexpr std::size_t kRereadMax = 5000;  // mailboxes in one query

constexpr Statement kReread{"reread_modseqs", R"sql(
  SELECT m.account_id, m.mailbox_id, m.highest_modseq
    FROM unnest($1::bigint[], $2::bigint[]) AS wanted (account_id, mailbox_id)
    JOIN mailboxes m ON m.account_id = wanted.account_id AND m.mailbox_id = wanted.mailbox_id)sql"};

std::uint64_t random_origin() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

Doorbell::Doorbell(Database& database, ChangeBus& bus, const Settings& settings)
    : database_(database),
      bus_(bus),
      gather_for_(settings.store.doorbell_ms),
      watch_interval_(std::max(settings.store.watch_interval_s, 1U) * 1000),
      origin_(random_origin()),
      wake_(database.loop()),
      gather_timer_(database.loop(), [this] { send_gathered(); }),
      watch_timer_(database.loop(), [this] { wake_.send(true); }),
      scope_(database.loop()) {
  auto on_notify = [this](std::string_view payload) { heard(payload); };
  auto on_listening = [this] { wake_.send(true); };
  database_.listen(kChannel, std::move(on_notify), std::move(on_listening));
  scope_.start(watch());
}

void Doorbell::ring(MailboxKey mailbox, ModSeq now) {
  ModSeq& newest = gathered_[mailbox];
  newest = std::max(newest, now);
  gather();
  tell(mailbox, now);
}

void Doorbell::ring_account(AccountId account) {
  gathered_accounts_.insert(account);
  gather();
  bus_.ring_account(account);
}

void Doorbell::gather() {
  if (!closing_ && !gather_timer_.active()) gather_timer_.start(gather_for_);
}

void Doorbell::send_gathered() {
  Rings rings;
  rings.origin = origin_;
  rings.accounts.assign(gathered_accounts_.begin(), gathered_accounts_.end());
  for (const auto& entry : gathered_) rings.mailboxes.push_back(MailboxRing{entry.first, entry.second});
  gathered_.clear();
  gathered_accounts_.clear();
  for (std::string& payload : encode_rings(rings)) database_.notify(kChannel, std::move(payload));
}

void Doorbell::heard(std::string_view payload) {
  const std::optional<Rings> rings = decode_rings(payload);
  if (!rings) {
    database_.log().event(Level::warning, "doorbell.unreadable", {{"octets", payload.size()}});
    return;
  }
  if (rings->origin == origin_) return;
  for (const AccountId account : rings->accounts) bus_.ring_account(account);
  for (const MailboxRing& ring : rings->mailboxes) tell(ring.mailbox, ring.now);
}

void Doorbell::tell(MailboxKey mailbox, ModSeq now) {
  const auto known = told_.find(mailbox);
  if (known != told_.end()) known->second = std::max(known->second, now);
  bus_.ring(mailbox, now);
}

Task<void> Doorbell::watch() {
  while (!closing_) {
    watch_timer_.start(watch_interval_);
    co_await wake_.next();
    if (closing_) break;
    const std::vector<MailboxKey> watched = bus_.watched();
    const std::set<MailboxKey> still(watched.begin(), watched.end());
    std::erase_if(told_, [&](const auto& entry) { return !still.contains(entry.first); });
    for (std::size_t at = 0; at < watched.size() && !closing_; at += kRereadMax) {
      const std::size_t end = std::min(at + kRereadMax, watched.size());
      std::vector<MailboxKey> some(watched.begin() + static_cast<std::ptrdiff_t>(at),
                                   watched.begin() + static_cast<std::ptrdiff_t>(end));
      co_await reread(std::move(some));
    }
  }
}

Task<void> Doorbell::reread(std::vector<MailboxKey> mailboxes) {
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
    if (is_new || known->second < now) tell(key, now);
  }
}

Task<void> Doorbell::close() {
  closing_ = true;
  gather_timer_.stop();
  send_gathered();
  watch_timer_.stop();
  wake_.send(true);
  co_await scope_.drained();
}

}  // namespace postern::postgres
