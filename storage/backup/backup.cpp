#include "storage/backup/backup.h"

#include "gateway/async/worker.h"
#include "storage/backup/people.h"
#include "storage/backup/random_name.h"

namespace postern::backup {

Task<Result<Evening>> Backup::run() {
  evening_ = Evening();
  evening_.begun_at = clock_.now();
  evening_.date = date_of(evening_.begun_at);
  CO_TRY(evening_.lineage, co_await store_.lineage());
  auto begin = [this] { return prepare(); };
  CO_TRY_VOID(co_await in_worker(loop_, begin));
  CO_TRY_VOID(co_await save_people(loop_, store_, repository_, evening_.run));
  CO_TRY(const std::vector<Domain> domains, co_await store_.directory().list_domains());
  for (const Domain& domain : domains) CO_TRY_VOID(co_await save_domain(domain));
  CO_TRY_VOID(co_await keep_());
  evening_.ended_at = clock_.now();
  auto end = [this]() -> Result<void> {
    TRY_VOID(repository_.write(evening_));
    return repository_.end_run();
  };
  CO_TRY_VOID(co_await in_worker(loop_, end));
  co_return evening_;
}

Result<void> Backup::prepare() {
  TRY_VOID(repository_.open(evening_.lineage));
  process_ = evening_.date + '-' + random_name();
  TRY(const std::vector<std::string> dates, repository_.evenings());
  if (!dates.empty()) {
    auto last = repository_.evening(dates.back());
    if (!last && last.error().kind == ErrorKind::unavailable) return last.error();
    evening_.missed = dates_between(dates.back(), evening_.date, kMissedMax);
    // Numbers of another life name other messages.
    const bool counts = last && last->lineage == evening_.lineage;
    if (counts) {
      for (EveningAccount& one : last->accounts)
        before_[one.account] = Before{std::move(one.manifest), std::move(one.state)};
    }
  }
  TRY(const std::optional<Begun> begun, repository_.begun());
  goes_on_ = begun && begun->lineage == evening_.lineage && begun->run.starts_with(evening_.date + '-');
  evening_.run = goes_on_ ? begun->run : process_;
  if (goes_on_) return {};
  Begun ours;
  ours.run = evening_.run;
  ours.lineage = evening_.lineage;
  return repository_.write(ours);
}

Task<Result<void>> Backup::save_domain(Domain domain) {
  CO_TRY(const std::vector<AccountRecord> accounts, co_await store_.directory().list_accounts(domain.name));
  for (const AccountRecord& account : accounts) {
    auto saved = co_await save(account);
    if (saved) {
      evening_.accounts.push_back(*std::move(saved));
      continue;
    }
    const ErrorKind kind = saved.error().kind;
    const bool of_the_account = kind == ErrorKind::internal || kind == ErrorKind::invalid;
    if (!of_the_account) co_return saved.error();
    evening_.failed.push_back(account.address + ": " + saved.error().detail);
    // What was saved of it before stays as long as the evening does.
    const auto before = before_.find(account.id);
    if (before == before_.end()) continue;
    EveningAccount& entry = evening_.accounts.emplace_back();
    entry.account = account.id;
    entry.address = account.address;
    entry.manifest = before->second.manifest;
  }
  co_return Result<void>();
}

Task<Result<EveningAccount>> Backup::save(AccountRecord account) {
  CO_TRY_VOID(co_await keep_());
  EveningAccount entry;
  entry.account = account.id;
  entry.address = account.address;
  CO_TRY(const std::vector<Mailbox> mailboxes, co_await store_.mailboxes().list(account.id));
  for (const Mailbox& mailbox : mailboxes) {
    entry.messages += mailbox.status.messages;
    entry.octets += mailbox.status.octets;
  }
  entry.state = state_of(mailboxes);
  const auto before = before_.find(account.id);
  if (before != before_.end() && before->second.state == entry.state) {
    entry.manifest = before->second.manifest;
    co_return entry;
  }
  std::string latest;
  if (before != before_.end()) latest = before->second.manifest;
  if (goes_on_) {
    auto look = [this, &entry] { return saved_in_this_run(entry.account, entry.state); };
    CO_TRY(const bool saved, co_await in_worker(loop_, look));
    if (saved) {
      entry.manifest = evening_.run;
      co_return entry;
    }
  }
  CO_TRY(const AccountState state, co_await look_at(store_, account.id));
  AccountSaver::Place place;
  place.run = evening_.run;
  place.process = process_;
  AccountSaver saver(loop_, store_, repository_, std::move(place), keep_);
  CO_TRY_VOID(co_await saver.save(account, state, clock_.now(), std::move(latest)));
  evening_.new_messages += saver.new_messages();
  evening_.new_octets += saver.new_octets();
  entry.manifest = evening_.run;
  entry.state = state.consistent ? state_of(state.mailboxes) : std::string();
  co_return entry;
}

Result<bool> Backup::saved_in_this_run(AccountId account, const std::string& state) {
  const auto manifest = repository_.manifest(account, evening_.run);
  if (!manifest && manifest.error().kind == ErrorKind::unavailable) return manifest.error();
  return manifest && (*manifest)->head().consistent && state_of((*manifest)->head()) == state;
}

}  // namespace postern::backup
