// Backup: an evening. Account by account what is new goes into packs and a manifest is written; the evening
// itself comes last, so it is there only when all is. Broken off anywhere, it goes on with the accounts that
// lack.
#pragma once

#include <functional>
#include <map>

#include "gateway/async/loop.h"
#include "storage/backup/repository.h"
#include "storage/store.h"

namespace postern::backup {

class Backup {
 public:
  // `keep` is asked between messages every now and then: closed or stale if it is time to stop. All outlive
  // it.
  Backup(Loop& loop, Store& store, Repository& repository, const Clock& clock,
         std::function<Task<Result<void>>()> keep)
      : loop_(loop), store_(store), repository_(repository), clock_(clock), keep_(std::move(keep)) {}

  // Accounts that cannot be read are named in Evening::failed, and the others saved all the same.
  // unavailable: the database or the repository (full, or away); then the evening is not there.
  Task<Result<Evening>> run();

  static constexpr std::size_t kPackOctets = 16 * 1024 * 1024;  // then a pack is written
  static constexpr int kLooksMax = 5;                           // until all mailboxes are of one moment

 private:
  struct Known {
    std::string sha256;
    std::string pack;
  };
  using KnownBlobs = std::map<BlobId, Known>;
  struct State {
    std::vector<Mailbox> mailboxes;
    std::vector<SnapshotPtr> snapshots;
    bool consistent = false;
  };

  Task<Result<EveningAccount>> save(const AccountRecord& account);
  Task<Result<State>> look(AccountId account);
  Task<Result<void>> save_mailbox(const AccountRecord& account, const Mailbox& mailbox,
                                  const MailboxSnapshot& snapshot, KnownBlobs& known, SavedMailbox& saved);
  Task<Result<bool>> save_octets(AccountId account, const MessageFacts& facts, KnownBlobs& known);
  Task<Result<void>> write_pack(AccountId account, KnownBlobs& known);
  Task<Result<std::optional<Manifest>>> latest_manifest(AccountId account);

  Loop& loop_;
  Store& store_;
  Repository& repository_;
  const Clock& clock_;
  const std::function<Task<Result<void>>()> keep_;
  Evening evening_;
  std::map<AccountId, std::string> before_;  // the manifests of the evening before
  PackWriter pack_;
  std::vector<BlobId> in_pack_;
};

}  // namespace postern::backup
