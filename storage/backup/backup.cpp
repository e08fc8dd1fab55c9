#include "storage/backup/backup.h"

#include "gateway/async/worker.h"

namespace postern::backup {

namespace {

constexpr std::size_t kPieceOctets = 256 * 1024;

bool same(const std::vector<Mailbox>& a, const std::vector<Mailbox>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool equal = a[i].key == b[i].key && a[i].name == b[i].name &&
                       a[i].status.highest_modseq == b[i].status.highest_modseq;
    if (!equal) return false;
  }
  return true;
}

// Whatever changes in a mailbox raises its modseq; its name and role do not.
bool is_unchanged(const std::vector<Mailbox>& now, const Manifest& then) {
  if (now.size() != then.mailboxes.size() || !then.consistent) return false;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const SavedMailbox& saved = then.mailboxes[i];
    const bool equal = now[i].key.mailbox == saved.id && now[i].name.text() == saved.name &&
                       now[i].special_use == saved.special_use &&
                       now[i].status.uid_validity == saved.uid_validity &&
                       now[i].status.highest_modseq == saved.highest_modseq;
    if (!equal) return false;
  }
  return true;
}

}  // namespace

Task<Result<Evening>> Backup::run() {
  evening_ = Evening();
  evening_.begun_at = clock_.now();
  evening_.date = date_of(evening_.begun_at);
  auto prepare = [this]() -> Result<void> {
    TRY_VOID(repository_.open());
    TRY(const std::vector<std::string> dates, repository_.evenings());
    if (dates.empty()) return {};
    TRY(const Evening last, repository_.evening(dates.back()));
    for (const EveningAccount& one : last.accounts) before_[one.account] = one.manifest;
    return {};
  };
  CO_TRY_VOID(co_await in_worker(loop_, prepare));
  CO_TRY(const std::vector<Domain> domains, co_await store_.directory().list_domains());
  for (const Domain& domain : domains) {
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
      entry.manifest = before->second;
    }
  }
  evening_.ended_at = clock_.now();
  auto write = [this] { return repository_.write(evening_); };
  CO_TRY_VOID(co_await in_worker(loop_, write));
  co_return evening_;
}

Task<Result<std::optional<Manifest>>> Backup::latest_manifest(AccountId account) {
  auto read = [this, account]() -> Result<std::optional<Manifest>> {
    std::string date = evening_.date;
    if (!repository_.has_manifest(account, date)) {
      const auto before = before_.find(account);
      if (before == before_.end()) return std::optional<Manifest>();
      date = before->second;
    }
    auto found = repository_.manifest(account, date);
    // Whatever is wrong with it: this evening does not depend on it.
    if (!found) return std::optional<Manifest>();
    before_[account] = date;
    return std::optional<Manifest>(*std::move(found));
  };
  co_return co_await in_worker(loop_, read);
}

Task<Result<Backup::State>> Backup::look(AccountId account) {
  State state;
  CO_TRY(state.mailboxes, co_await store_.mailboxes().list(account));
  for (int looks = 0; looks < kLooksMax && !state.consistent; ++looks) {
    state.snapshots.clear();
    bool gone = false;
    for (const Mailbox& mailbox : state.mailboxes) {
      auto snapshot = co_await store_.messages().snapshot(mailbox.key);
      gone = !snapshot && snapshot.error().kind == ErrorKind::not_found;
      if (gone) break;
      if (!snapshot) co_return snapshot.error();
      state.snapshots.push_back(*std::move(snapshot));
    }
    CO_TRY(std::vector<Mailbox> now, co_await store_.mailboxes().list(account));
    state.consistent = !gone && same(state.mailboxes, now);
    if (!state.consistent && (gone || looks + 1 < kLooksMax)) state.mailboxes = std::move(now);
  }
  if (state.snapshots.size() != state.mailboxes.size())
    co_return Error(ErrorKind::internal, "its mailboxes change too often");
  co_return state;
}

Task<Result<EveningAccount>> Backup::save(const AccountRecord& account) {
  CO_TRY_VOID(co_await keep_());
  EveningAccount entry;
  entry.account = account.id;
  entry.address = account.address;
  CO_TRY(const std::optional<Manifest> before, co_await latest_manifest(account.id));
  CO_TRY(const std::vector<Mailbox> mailboxes, co_await store_.mailboxes().list(account.id));
  for (const Mailbox& mailbox : mailboxes) {
    entry.messages += mailbox.status.messages;
    entry.octets += mailbox.status.octets;
  }
  if (before && is_unchanged(mailboxes, *before)) {
    entry.manifest = before_.at(account.id);
    co_return entry;
  }
  KnownBlobs known;
  if (before) {
    for (const SavedMailbox& mailbox : before->mailboxes) {
      for (const SavedMessage& message : mailbox.messages)
        known[message.blob] = Known{message.sha256, message.pack};
    }
  }
  CO_TRY(const State state, co_await look(account.id));
  Manifest manifest;
  manifest.account = account.id;
  manifest.address = account.address;
  manifest.taken_at = clock_.now();
  manifest.consistent = state.consistent;
  for (std::size_t i = 0; i < state.mailboxes.size(); ++i) {
    SavedMailbox& saved = manifest.mailboxes.emplace_back();
    CO_TRY_VOID(co_await save_mailbox(account, state.mailboxes.at(i), *state.snapshots.at(i), known, saved));
  }
  CO_TRY_VOID(co_await write_pack(account.id, known));
  for (SavedMailbox& mailbox : manifest.mailboxes) {
    for (SavedMessage& message : mailbox.messages) {
      const Known& where = known.at(message.blob);
      message.sha256 = where.sha256;
      message.pack = where.pack;
    }
  }
  auto write = [this, &manifest] { return repository_.write(manifest, evening_.date); };
  CO_TRY_VOID(co_await in_worker(loop_, write));
  entry.manifest = evening_.date;
  co_return entry;
}

Task<Result<void>> Backup::save_mailbox(const AccountRecord& account, const Mailbox& mailbox,
                                        const MailboxSnapshot& snapshot, KnownBlobs& known,
                                        SavedMailbox& saved) {
  saved.id = mailbox.key.mailbox;
  saved.name = mailbox.name.text();
  saved.special_use = mailbox.special_use;
  saved.uid_validity = snapshot.status().uid_validity;
  saved.uid_next = snapshot.status().uid_next;
  saved.highest_modseq = snapshot.modseq();
  UidSet some;
  for (std::size_t i = 0; i < snapshot.size(); ++i) {
    some.add(snapshot.at(i).uid);
    if (some.size() < MessageStore::kFactsMax && i + 1 < snapshot.size()) continue;
    UidSet asked = std::exchange(some, UidSet());
    CO_TRY(const std::vector<MessageFacts> all,
           co_await store_.messages().facts(mailbox.key, std::move(asked), FetchDepth::facts));
    CO_TRY_VOID(co_await keep_());
    for (const MessageFacts& facts : all) {
      CO_TRY(const bool there, co_await save_octets(account.id, facts, known));
      if (!there) continue;
      SavedMessage& message = saved.messages.emplace_back();
      message.uid = facts.uid;
      message.flags = snapshot.flags(*snapshot.find(facts.uid));
      message.internal_date = facts.internal_date;
      message.internal_zone_minutes = facts.internal_zone_minutes;
      message.pop3_uidl = facts.pop3_uidl;
      message.size = facts.size;
      message.blob = facts.blob;
    }
  }
  co_return Result<void>();
}

// False: it was purged meanwhile.
Task<Result<bool>> Backup::save_octets(AccountId account, const MessageFacts& facts, KnownBlobs& known) {
  if (known.contains(facts.blob)) co_return true;
  const auto reader = store_.messages().open(account, facts);
  std::string octets;
  while (octets.size() < facts.size) {
    auto piece = co_await reader->read(octets.size(), kPieceOctets);
    if (!piece && piece.error().kind == ErrorKind::not_found) co_return false;
    if (!piece) co_return piece.error();
    octets += *piece;
  }
  auto add = [this, &octets, &facts] {
    pack_.add(facts.blob, octets);
    return sha256_hex(octets);
  };
  Known one;
  one.sha256 = co_await in_worker(loop_, add);
  known[facts.blob] = std::move(one);
  in_pack_.push_back(facts.blob);
  ++evening_.new_messages;
  evening_.new_octets += octets.size();
  if (pack_.size() >= kPackOctets) CO_TRY_VOID(co_await write_pack(account, known));
  co_return true;
}

Task<Result<void>> Backup::write_pack(AccountId account, KnownBlobs& known) {
  if (pack_.empty()) co_return Result<void>();
  auto write = [this, account] { return repository_.write_pack(account, evening_.date, pack_); };
  CO_TRY(const std::string name, co_await in_worker(loop_, write));
  for (const BlobId blob : in_pack_) known.at(blob).pack = name;
  in_pack_.clear();
  co_return co_await keep_();
}

}  // namespace postern::backup
