#include "storage/backup/restore.h"

#include <algorithm>
#include <map>
#include <set>

#include "gateway/async/worker.h"

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
    CO_TRY(const Manifest manifest, co_await in_worker(loop_, find));
    account_ = manifest.account;
    run_ = std::to_string(Clock().now().time_since_epoch().count());
    bool any = false;
    for (const SavedMailbox& mailbox : manifest.mailboxes) {
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

  Result<Manifest> find_manifest() const {
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
    std::vector<IntakeMessage> batch;
    std::size_t octets = 0;
    for (const SavedMessage& message : saved.messages) {
      if (request_.uid && *request_.uid != message.uid) continue;
      CO_TRY(const bool there, co_await lives(mailbox.account, living, message));
      if (there) {
        ++report_.duplicates;
        continue;
      }
      CO_TRY(std::optional<IntakeMessage> one, co_await load(saved, message));
      if (!one) continue;
      octets += message.size;
      batch.push_back(*std::move(one));
      if (batch.size() < Intake::kMessagesMax && octets < kBatchOctets) continue;
      CO_TRY_VOID(co_await take(mailbox, std::exchange(batch, std::vector<IntakeMessage>())));
      octets = 0;
    }
    if (!batch.empty()) CO_TRY_VOID(co_await take(mailbox, std::move(batch)));
    const ModSeq beyond{raw(saved.highest_modseq) + 1};
    if (request_.exact) CO_TRY_VOID(co_await store_.intake().reserve(mailbox, saved.uid_next, beyond));
    ++report_.mailboxes;
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
  std::string run_;
  std::unique_ptr<Pack> pack_;
  std::string pack_name_;
};

}  // namespace

Task<Result<void>> restore(Loop& loop, Store& store, Repository& repository, RestoreRequest request,
                           RestoreReport& report, std::function<void(const RestoreReport&)> progress) {
  Restore run(loop, store, repository, std::move(request), report, std::move(progress));
  co_return co_await run.run();
}

Result<Verified> verify(const Repository& repository, std::optional<std::string> date) {
  Verified verified;
  std::vector<std::string> dates;
  if (date) {
    dates.push_back(*date);
  } else {
    TRY(dates, repository.evenings());
  }
  std::set<std::pair<AccountId, std::string>> manifests;
  for (const std::string& one : dates) {
    TRY(const Evening evening, repository.evening(one));
    ++verified.evenings;
    for (const EveningAccount& account : evening.accounts)
      manifests.emplace(account.account, account.manifest);
  }
  using Place = std::pair<AccountId, std::string>;
  std::map<Place, std::map<BlobId, std::string>> packs;  // what must be in them
  for (const auto& [account, evening] : manifests) {
    const auto manifest = repository.manifest(account, evening);
    if (!manifest) {
      verified.broken.push_back("manifest of " + evening + ", account " + std::to_string(raw(account)) +
                                ": " + manifest.error().detail);
      continue;
    }
    for (const SavedMailbox& mailbox : manifest->mailboxes) {
      for (const SavedMessage& message : mailbox.messages)
        packs[Place(account, message.pack)][message.blob] = message.sha256;
    }
  }
  for (const auto& [place, blobs] : packs) {
    const std::string where = place.second + ", account " + std::to_string(raw(place.first));
    const auto pack = repository.pack(place.first, place.second);
    ++verified.packs;
    if (!pack) {
      verified.broken.push_back(where + ": " + pack.error().detail);
      continue;
    }
    for (const auto& [blob, sha256] : blobs) {
      const std::string_view* octets = pack->find(blob);
      ++verified.messages;
      const bool right = octets != nullptr && sha256_hex(*octets) == sha256;
      if (!right)
        verified.broken.push_back(where + ": " + std::to_string(raw(blob)) + ".eml is missing or damaged");
    }
  }
  return verified;
}

}  // namespace postern::backup
