// AccountSaver: one account's manifest of an evening, written beside the one before: what stands there under
// the same mailbox and UID is taken from it, and only what is new is asked of the store. Holds the mailboxes'
// index and a small table, never the manifest.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/async/loop.h"
#include "storage/backup/blob_table.h"
#include "storage/backup/repository.h"
#include "storage/store.h"

namespace postern::backup {

// The mailboxes of an account at one moment, by id.
struct AccountState {
  std::vector<Mailbox> mailboxes;
  std::vector<SnapshotPtr> snapshots;
  bool consistent = false;
};
constexpr int kLooksMax = 5;  // until all mailboxes are of one moment
Task<Result<AccountState>> look_at(Store& store, AccountId account);

// Whatever changes in a mailbox raises its modseq; its name and role do not. Hexadecimal.
std::string state_of(const std::vector<Mailbox>& mailboxes);
std::string state_of(const Manifest& manifest);

class AccountSaver {
 public:
  struct Place {
    std::string run;      // names the manifest
    std::string process;  // begins the names of the packs: no other process has it
  };
  // `keep` as Backup's. All outlive it.
  AccountSaver(Loop& loop, Store& store, Repository& repository, Place place,
               const std::function<Task<Result<void>>()>& keep)
      : loop_(loop), store_(store), repository_(repository), place_(std::move(place)), keep_(keep) {}

  // `before`: the name of the latest manifest; empty: none. One that cannot be read counts as none.
  Task<Result<void>> save(AccountRecord account, const AccountState& state, WallTime now, std::string before);

  std::uint64_t new_messages() const { return new_messages_; }
  std::uint64_t new_octets() const { return new_octets_; }

  static constexpr std::size_t kPackOctets = 16 * 1024 * 1024;  // then a pack ends

 private:
  using Batch = std::vector<SavedMessage>;
  Result<void> open_before(const std::string& name);
  Result<void> match(const MailboxSnapshot& snapshot, std::size_t first, Batch& batch, UidSet& unknown);
  Task<Result<void>> save_mailbox(const MailboxSnapshot& snapshot);
  Task<Result<void>> complete(MailboxKey mailbox, UidSet unknown, Batch& batch);
  Task<Result<void>> complete_some(MailboxKey mailbox, const std::vector<MessageFacts>& all, Batch& batch);
  Task<Result<bool>> save_octets(const MessageFacts& facts, SavedMessage& message);
  Result<void> learn_packs();
  Result<void> put(BlobId blob, const std::string& octets, SavedMessage& message);
  Result<void> end_pack();
  Result<void> publish();

  Loop& loop_;
  Store& store_;
  Repository& repository_;
  const Place place_;
  const std::function<Task<Result<void>>()>& keep_;

  AccountId account_{};
  std::string before_name_;
  std::unique_ptr<ManifestReader> before_;
  std::optional<SavedMessage> next_before_;
  std::unique_ptr<ManifestWriter> manifest_;
  std::set<std::string> packs_;  // that it refers to
  BlobTable table_;
  bool table_has_before_ = false;
  std::unique_ptr<PackWriter> pack_;
  std::string pack_name_;
  unsigned pack_number_ = 0;
  std::uint64_t new_messages_ = 0;
  std::uint64_t new_octets_ = 0;
};

}  // namespace postern::backup
