#include "storage/backup/restore.h"

#include <algorithm>
#include <map>

#include "gateway/async/worker.h"
#include "storage/backup/random_name.h"

namespace postern::backup {

namespace {

constexpr std::size_t kPieceOctets = 256 * 1024;
constexpr std::size_t kBatchOctets = 16 * 1024 * 1024;

Task<Result<std::string>> read_octets(MessageStore& messages, AccountId account, const MessageFacts& facts) {
  const auto reader = messages.open(account, facts);
  std::string octets;
  while (octets.size() < facts.size) {
    CO_TRY(const std::string_view piece, co_await reader->read(octets.size(), kPieceOctets));
    octets += piece;
  }
  co_return octets;
}

class Restore {
 public:
  Restore(Loop& loop, Store& store, Repository& repository, RestoreRequest request, RestoreReport& report,
          std::function<void(const RestoreReport&)> progress)
      : loop_(loop),
        store_(store),
        repository_(repository),
        request_(std::move(request)),
        report_(report),
        progress_(std::move(progress)) {}

  Task<Result<void>> run() {
    auto find = [this] { return find_manifest(); };
    CO_TRY(manifest_, co_await in_worker(loop_, find));
    account_ = manifest_->head().account;
    const std::vector<SavedMailbox> mailboxes = manifest_->head().mailboxes;
    bool any = false;
    for (const SavedMailbox& mailbox : mailboxes) {
      if (request_.mailbox && request_.mailbox->text() != mailbox.name) continue;
      any = true;
      CO_TRY_VOID(co_await restore_mailbox(mailbox));
    }
    if (!any) co_return Error(ErrorKind::not_found, "no such mailbox on that evening");
    co_return Result<void>();
  }

 private:
  // Where a living message may be the same as a saved one: size and date say so, the octets prove it.
  using Living = std::multimap<std::pair<std::uint64_t, WallTime>, MessageFacts>;
  struct Wanted {
    std::vector<SavedMessage> messages;
    bool last = false;
  };

  Result<std::unique_ptr<ManifestReader>> find_manifest() {
    TRY(const Evening evening, repository_.evening(request_.date));
    for (const EveningAccount& one : evening.accounts) {
      if (one.address == request_.address) return repository_.manifest(one.account, one.manifest);
    }
    return Error(ErrorKind::not_found, "no such account on that evening");
  }

  Task<Result<Living>> living_in(MailboxKey mailbox) {
    Living living;
    CO_TRY(const SnapshotPtr snapshot, co_await store_.messages().snapshot(mailbox));
    UidSet some;
    for (std::size_t i = 0; i < snapshot->size(); ++i) {
      some.add(snapshot->at(i).uid);
      if (some.size() < MessageStore::kFactsMax && i + 1 < snapshot->size()) continue;
      UidSet asked = std::exchange(some, UidSet());
      CO_TRY(const std::vector<MessageFacts> all,
             co_await store_.messages().facts(mailbox, std::move(asked), FetchDepth::facts));
      for (const MessageFacts& facts : all) living.emplace(std::pair(facts.size, facts.internal_date), facts);
    }
    co_return living;
  }

  Task<Result<bool>> lives(AccountId account, const Living& living, const SavedMessage& saved) {
    const auto range = living.equal_range(std::pair(saved.size, saved.internal_date));
    for (auto at = range.first; at != range.second; ++at) {
      const auto octets = co_await read_octets(store_.messages(), account, at->second);
      if (octets && sha256_hex(*octets) == saved.sha256) co_return true;
    }
    co_return false;
  }

  Task<Result<void>> restore_mailbox(const SavedMailbox& saved) {
    std::string text = saved.name;
    if (request_.dated) text = "Restored " + request_.date + kHierarchySeparator + saved.name;
    CO_TRY(MailboxName name, MailboxName::parse(text));
    std::optional<UidValidity> validity;
    if (request_.exact) validity = saved.uid_validity;
    CO_TRY(const MailboxKey mailbox, co_await store_.intake().open(request_.into, std::move(name), validity));
    CO_TRY(const Living living, co_await living_in(mailbox));
    for (bool last = false; !last;) {
      auto read = [this, &saved] { return next_of(saved.id); };
      CO_TRY(Wanted wanted, co_await in_worker(loop_, read));
      last = wanted.last;
      CO_TRY_VOID(co_await restore_some(mailbox, saved, living, std::move(wanted.messages)));
    }
    const ModSeq beyond{raw(saved.highest_modseq) + 1};
    if (request_.exact) CO_TRY_VOID(co_await store_.intake().reserve(mailbox, saved.uid_next, beyond));
    ++report_.mailboxes;
    co_return Result<void>();
  }

  // The manifest's next messages that are of this mailbox and wanted. Mailboxes come in its order.
  Result<Wanted> next_of(MailboxId mailbox) {
    Wanted wanted;
    while (wanted.messages.size() < Intake::kMessagesMax && !wanted.last) {
      if (!held_) {
        TRY(held_, manifest_->next());
      }
      wanted.last = !held_ || held_->mailbox > mailbox;
      if (wanted.last) break;
      const bool asked = held_->mailbox == mailbox && (!request_.uid || *request_.uid == held_->uid);
      if (asked) wanted.messages.push_back(*std::move(held_));
      held_.reset();
    }
    return wanted;
  }

  Task<Result<void>> restore_some(MailboxKey mailbox, const SavedMailbox& saved, const Living& living,
                                  std::vector<SavedMessage> messages) {
    std::vector<IntakeMessage> batch;
    std::size_t octets = 0;
    for (const SavedMessage& message : messages) {
      CO_TRY(const bool there, co_await lives(mailbox.account, living, message));
      if (there) {
        ++report_.duplicates;
        continue;
      }
      CO_TRY(std::optional<IntakeMessage> one, co_await load(saved, message));
      if (!one) continue;
      octets += message.size;
      batch.push_back(*std::move(one));
      if (octets < kBatchOctets) continue;
      CO_TRY_VOID(co_await take(mailbox, std::exchange(batch, std::vector<IntakeMessage>())));
      octets = 0;
    }
    if (!batch.empty()) CO_TRY_VOID(co_await take(mailbox, std::move(batch)));
    co_return Result<void>();
  }

  Task<Result<void>> take(MailboxKey mailbox, std::vector<IntakeMessage> batch) {
    CO_TRY(const TakenIn taken, co_await store_.intake().take(mailbox, std::move(batch)));
    report_.messages += taken.messages;
    progress_(report_);
    co_return Result<void>();
  }

  // nullopt: the repository does not hold it, which is noted.
  Task<Result<std::optional<IntakeMessage>>> load(const SavedMailbox& mailbox, const SavedMessage& message) {
    auto open = [this, &message] { return octets_of(message); };
    const Result<std::string> octets = co_await in_worker(loop_, open);
    const bool out_of_reach = !octets && octets.error().kind == ErrorKind::unavailable;
    if (out_of_reach) co_return octets.error();
    if (!octets) {
      report_.broken.push_back(mailbox.name + ", UID " + std::to_string(raw(message.uid)) + ": " +
                               octets.error().detail);
      co_return std::optional<IntakeMessage>();
    }
    const std::unique_ptr<MessageSink> sink = store_.messages().receive(request_.into, "");
    CO_TRY_VOID(co_await sink->write(*octets));
    IntakeMessage one;
    CO_TRY(one.message, co_await sink->finish());
    one.with.flags = message.flags;
    one.with.internal_date = message.internal_date;
    one.with.internal_zone_minutes = message.internal_zone_minutes;
    if (request_.exact) one.uid = message.uid;
    if (request_.exact) one.with.pop3_uidl = message.pop3_uidl;
    one.key = store_.intake().key("backup:" + run_ + ":" + std::to_string(raw(mailbox.id)) + ":" +
                                  std::to_string(raw(message.uid)));
    co_return std::optional<IntakeMessage>(std::move(one));
  }

  // The last pack stays open: messages that came together lie together.
  Result<std::string> octets_of(const SavedMessage& message) {
    if (!pack_ || pack_name_ != message.pack) {
      pack_.reset();
      TRY(Pack opened, repository_.pack(account_, message.pack));
      pack_ = std::make_unique<Pack>(std::move(opened));
      pack_name_ = message.pack;
    }
    const std::string_view* octets = pack_->find(message.blob);
    if (octets == nullptr) return Error(ErrorKind::invalid, "not in its pack " + message.pack);
    if (sha256_hex(*octets) != message.sha256) return Error(ErrorKind::invalid, "damaged in " + message.pack);
    return std::string(*octets);
  }

  Loop& loop_;
  Store& store_;
  Repository& repository_;
  const RestoreRequest request_;
  RestoreReport& report_;
  const std::function<void(const RestoreReport&)> progress_;
  AccountId account_{};
  const std::string run_ = random_name();  // what was restored and deleted may be restored again
  std::unique_ptr<ManifestReader> manifest_;
  std::optional<SavedMessage> held_;  // read, but of a later mailbox
  std::unique_ptr<Pack> pack_;
  std::string pack_name_;
};

}  // namespace

Task<Result<void>> restore(Loop& loop, Store& store, Repository& repository, RestoreRequest request,
                           RestoreReport& report, std::function<void(const RestoreReport&)> progress) {
  Restore run(loop, store, repository, std::move(request), report, std::move(progress));
  co_return co_await run.run();
}

}  // namespace postern::backup
