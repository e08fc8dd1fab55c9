// Maildrop: RFC 1939's snapshot of the INBOX. Message numbers are frozen for the session whatever other
// clients do; deletions are wishes until QUIT.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "protocols/pop3/command.h"
#include "storage/read_ahead.h"
#include "storage/store.h"

namespace postern::pop3 {

class Maildrop {
 public:
  // Numbers the messages of the account's INBOX. not_found, unavailable.
  static Task<Result<Maildrop>> open(Store& store, AccountId account);

  // Sizes and UIDLs, when a command first needs them. unavailable.
  Task<Result<void>> load_listing(Store& store);

  MailboxKey mailbox() const { return snapshot_->key(); }
  MessageNumber last() const { return static_cast<MessageNumber>(snapshot_->size()); }
  // The UID behind a number, unless there is no such message or it is marked deleted.
  std::optional<Uid> uid_of(MessageNumber number) const;
  bool is_deleted(MessageNumber number) const { return deleted_.contains(uid_at(number)); }

  std::uint32_t count() const { return static_cast<std::uint32_t>(snapshot_->size() - deleted_.size()); }
  // Octets of what is not marked deleted. Needs the listing once something is marked.
  std::uint64_t octets() const { return snapshot_->status().octets - deleted_octets_; }
  // Need the listing.
  std::uint64_t size_of(MessageNumber number) const { return sizes_[number - 1]; }
  std::string uidl_of(MessageNumber number) const;

  // Ready to be read; once a client takes messages in order, the next ones are on their way, too. `number`
  // has a UID. not_found: purged meanwhile; unavailable.
  Task<Result<std::unique_ptr<MessageReader>>> read(Store& store, MessageNumber number);

  void mark_deleted(MessageNumber number);
  void unmark_all();
  const UidSet& deleted() const { return deleted_; }

 private:
  explicit Maildrop(SnapshotPtr snapshot) : snapshot_(std::move(snapshot)) {}
  Uid uid_at(MessageNumber number) const { return snapshot_->at(number - 1).uid; }

  SnapshotPtr snapshot_;
  MessageNumber last_read_ = 0;
  std::vector<MessageFacts> next_;       // of messages that will be read in order, by UID
  std::optional<ReadAhead> read_ahead_;  // through next_
  UidSet deleted_;
  std::uint64_t deleted_octets_ = 0;
  bool listing_loaded_ = false;
  std::vector<std::uint64_t> sizes_;                               // by number - 1
  std::vector<std::pair<MessageNumber, std::string>> kept_uidls_;  // only those that an import brought along
};

}  // namespace postern::pop3
