#include "storage/backup/account_saver.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/async/worker.h"

namespace postern::backup {

namespace {

constexpr std::size_t kPieceOctets = 256 * 1024;
constexpr std::size_t kBatchMessages = 1024;

bool same(const std::vector<Mailbox>& a, const std::vector<Mailbox>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Mailbox& x, const Mailbox& y) {
    return x.key == y.key && x.name == y.name && x.status.highest_modseq == y.status.highest_modseq;
  });
}

Task<Result<std::vector<Mailbox>>> mailboxes_by_id(Store& store, AccountId account) {
  CO_TRY(std::vector<Mailbox> mailboxes, co_await store.mailboxes().list(account));
  std::sort(mailboxes.begin(), mailboxes.end(),
            [](const Mailbox& a, const Mailbox& b) { return a.key.mailbox < b.key.mailbox; });
  co_return mailboxes;
}

SavedMailbox saved(const Mailbox& mailbox) {
  SavedMailbox one;
  one.id = mailbox.key.mailbox;
  one.name = mailbox.name.text();
  one.special_use = mailbox.special_use;
  one.uid_validity = mailbox.status.uid_validity;
  one.uid_next = mailbox.status.uid_next;
  one.highest_modseq = mailbox.status.highest_modseq;
  return one;
}

std::string state_of(const std::vector<SavedMailbox>& mailboxes) {
  std::string text;
  for (const SavedMailbox& one : mailboxes)
    text += fmt::format("{} {} {} {} {}:{}\n", raw(one.id), attribute_of(one.special_use),
                        raw(one.uid_validity), raw(one.highest_modseq), one.name.size(), one.name);
  return sha256_hex(text).substr(0, 32);
}

}  // namespace

Task<Result<AccountState>> look_at(Store& store, AccountId account) {
  AccountState state;
  CO_TRY(state.mailboxes, co_await mailboxes_by_id(store, account));
  for (int looks = 0; looks < kLooksMax && !state.consistent; ++looks) {
    state.snapshots.clear();
    bool gone = false;
    for (const Mailbox& mailbox : state.mailboxes) {
      auto snapshot = co_await store.messages().snapshot(mailbox.key);
      gone = !snapshot && snapshot.error().kind == ErrorKind::not_found;
      if (gone) break;
      if (!snapshot) co_return snapshot.error();
      state.snapshots.push_back(*std::move(snapshot));
    }
    CO_TRY(std::vector<Mailbox> now, co_await mailboxes_by_id(store, account));
    state.consistent = !gone && same(state.mailboxes, now);
    if (!state.consistent && (gone || looks + 1 < kLooksMax)) state.mailboxes = std::move(now);
  }
  if (state.snapshots.size() != state.mailboxes.size())
    co_return Error(ErrorKind::internal, "its mailboxes change too often");
  // The numbers are those of the state that is saved.
  for (std::size_t i = 0; i < state.mailboxes.size(); ++i)
    state.mailboxes.at(i).status = state.snapshots.at(i)->status();
  co_return state;
}

std::string state_of(const std::vector<Mailbox>& mailboxes) {
  std::vector<SavedMailbox> all;
  for (const Mailbox& mailbox : mailboxes) all.push_back(saved(mailbox));
  std::sort(all.begin(), all.end(), [](const SavedMailbox& a, const SavedMailbox& b) { return a.id < b.id; });
  return state_of(all);
}

std::string state_of(const Manifest& manifest) {
  return state_of(manifest.mailboxes);
}

Task<Result<void>> AccountSaver::save(AccountRecord account, const AccountState& state, WallTime now,
                                      std::string before) {
  account_ = account.id;
  Manifest head;
  head.account = account.id;
  head.address = account.address;
  head.taken_at = now;
  head.consistent = state.consistent;
  for (const Mailbox& mailbox : state.mailboxes) head.mailboxes.push_back(saved(mailbox));
  auto begin = [this, &head, &before]() -> Result<void> {
    TRY_VOID(open_before(before));
    TRY(manifest_, repository_.create_manifest(account_, place_.run));
    return manifest_->begin(head);
  };
  CO_TRY_VOID(co_await in_worker(loop_, begin));
  for (const SnapshotPtr& snapshot : state.snapshots) CO_TRY_VOID(co_await save_mailbox(*snapshot));
  CO_TRY_VOID(co_await keep_());
  auto end = [this] { return publish(); };
  co_return co_await in_worker(loop_, end);
}

// Whatever is wrong with it: this evening does not depend on it.
Result<void> AccountSaver::open_before(const std::string& name) {
  if (name.empty()) return {};
  auto opened = repository_.manifest(account_, name);
  if (!opened && opened.error().kind == ErrorKind::unavailable) return opened.error();
  if (!opened) return {};
  before_name_ = name;
  before_ = *std::move(opened);
  auto first = before_->next();
  if (first) next_before_ = *std::move(first);
  return {};
}

Task<Result<void>> AccountSaver::save_mailbox(const MailboxSnapshot& snapshot) {
  for (std::size_t first = 0; first < snapshot.size(); first += kBatchMessages) {
    Batch batch;
    UidSet unknown;
    auto compare = [&] { return match(snapshot, first, batch, unknown); };
    CO_TRY_VOID(co_await in_worker(loop_, compare));
    if (!unknown.empty()) CO_TRY_VOID(co_await complete(snapshot.key(), std::move(unknown), batch));
    auto write = [this, &batch]() -> Result<void> {
      for (const SavedMessage& message : batch) {
        if (message.pack.empty()) continue;  // purged meanwhile
        packs_.insert(message.pack);
        TRY_VOID(manifest_->add(message));
      }
      return {};
    };
    CO_TRY_VOID(co_await in_worker(loop_, write));
    CO_TRY_VOID(co_await keep_());
  }
  co_return Result<void>();
}

// Both are in the order of mailboxes and UIDs. A manifest that turns out to be torn says nothing any more.
Result<void> AccountSaver::match(const MailboxSnapshot& snapshot, std::size_t first, Batch& batch,
                                 UidSet& unknown) {
  const MailboxId mailbox = snapshot.key().mailbox;
  const std::size_t end = std::min(first + kBatchMessages, snapshot.size());
  for (std::size_t i = first; i < end; ++i) {
    const MessageState& state = snapshot.at(i);
    const std::pair place(mailbox, state.uid);
    while (next_before_ && std::pair(next_before_->mailbox, next_before_->uid) < place) {
      auto next = before_->next();
      next_before_ = next ? *std::move(next) : std::nullopt;
    }
    SavedMessage& message = batch.emplace_back();
    const bool known = next_before_ && std::pair(next_before_->mailbox, next_before_->uid) == place;
    if (known) message = *next_before_;
    message.mailbox = mailbox;
    message.uid = state.uid;
    message.flags = snapshot.flags(state);
    if (!known) unknown.add(state.uid);
  }
  return {};
}

Task<Result<void>> AccountSaver::complete(MailboxKey mailbox, UidSet unknown, Batch& batch) {
  if (!table_has_before_) {
    auto learn = [this] { return learn_packs(); };
    CO_TRY_VOID(co_await in_worker(loop_, learn));
  }
  UidSet some;
  std::vector<UidSet> questions;
  for (const SavedMessage& message : batch) {
    if (!unknown.contains(message.uid)) continue;
    some.add(message.uid);
    if (some.size() == MessageStore::kFactsMax) questions.push_back(std::exchange(some, UidSet()));
  }
  if (!some.empty()) questions.push_back(std::move(some));
  for (UidSet& asked : questions) {
    CO_TRY(const std::vector<MessageFacts> all,
           co_await store_.messages().facts(mailbox, std::move(asked), FetchDepth::facts));
    CO_TRY_VOID(co_await complete_some(mailbox, all, batch));
    CO_TRY_VOID(co_await keep_());
  }
  co_return Result<void>();
}

Task<Result<void>> AccountSaver::complete_some(MailboxKey mailbox, const std::vector<MessageFacts>& all,
                                               Batch& batch) {
  store_.messages().read_ahead(mailbox.account, all);
  for (const MessageFacts& facts : all) {
    const auto at = std::lower_bound(batch.begin(), batch.end(), facts.uid,
                                     [](const SavedMessage& one, Uid uid) { return one.uid < uid; });
    SavedMessage message = *at;
    message.internal_date = facts.internal_date;
    message.internal_zone_minutes = facts.internal_zone_minutes;
    message.pop3_uidl = facts.pop3_uidl;
    message.size = facts.size;
    message.blob = facts.blob;
    CO_TRY(const bool there, co_await save_octets(facts, message));
    if (there) *at = std::move(message);
  }
  co_return Result<void>();
}

// Octets that were moved or copied are in a pack already; the manifest's line wants their digest all the
// same. False: they have been purged meanwhile.
Task<Result<bool>> AccountSaver::save_octets(const MessageFacts& facts, SavedMessage& message) {
  const auto reader = store_.messages().open(account_, facts);
  std::string octets;
  while (octets.size() < facts.size) {
    auto piece = co_await reader->read(octets.size(), kPieceOctets);
    if (!piece && piece.error().kind == ErrorKind::not_found) co_return false;
    if (!piece) co_return piece.error();
    octets += *piece;
  }
  auto add = [this, &octets, &message] { return put(message.blob, octets, message); };
  CO_TRY_VOID(co_await in_worker(loop_, add));
  co_return true;
}

// From the whole manifest before, read once more: UIDs that are new may be of messages that are not.
Result<void> AccountSaver::learn_packs() {
  table_has_before_ = true;
  if (before_name_.empty()) return {};
  const auto reader = repository_.manifest(account_, before_name_);
  if (!reader) return {};
  for (;;) {
    const auto message = (*reader)->next();
    if (!message || !*message) return {};
    table_.add((*message)->blob, (*message)->pack);
  }
}

Result<void> AccountSaver::put(BlobId blob, const std::string& octets, SavedMessage& message) {
  message.sha256 = sha256_hex(octets);
  if (const std::string* known = table_.find(blob)) {
    message.pack = *known;
    return {};
  }
  if (!pack_) {
    pack_name_ = fmt::format("{}-{:04}.tar.zst", place_.process, ++pack_number_);
    TRY(pack_, repository_.create_pack(account_, pack_name_));
  }
  TRY_VOID(pack_->add(blob, octets));
  table_.add(blob, pack_name_);
  message.pack = pack_name_;
  ++new_messages_;
  new_octets_ += octets.size();
  if (pack_->size() < kPackOctets) return {};
  return end_pack();
}

Result<void> AccountSaver::end_pack() {
  if (!pack_) return {};
  const std::unique_ptr<PackWriter> pack = std::move(pack_);
  return pack->finish();
}

Result<void> AccountSaver::publish() {
  TRY_VOID(end_pack());
  TRY_VOID(repository_.write_packs_of(account_, place_.run, packs_));
  return manifest_->finish();
}

}  // namespace postern::backup
