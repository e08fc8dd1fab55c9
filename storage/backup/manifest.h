// Manifest: an account as it stood on an evening: JSON lines under a zstd frame. First the account, then its
// mailboxes by their number, then the messages of each by UID, and an end. Written and read line by line, for
// an account may have millions. docs/backup.md has an example.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "storage/backup/evening.h"
#include "storage/backup/zstd_stream.h"
#include "storage/model/account.h"
#include "storage/model/flags.h"
#include "storage/model/mailbox.h"

namespace postern::backup {

struct SavedMessage {
  MailboxId mailbox{};
  Uid uid{};
  Flags flags;
  WallTime internal_date{};
  std::int16_t internal_zone_minutes = 0;
  std::string pop3_uidl;
  std::uint64_t size = 0;
  BlobId blob{};
  std::string sha256;  // hexadecimal
  std::string pack;    // the file's name
};

struct SavedMailbox {
  MailboxId id{};
  std::string name;
  SpecialUse special_use = SpecialUse::none;
  UidValidity uid_validity{};
  Uid uid_next{1};
  ModSeq highest_modseq{};
};

// Without the messages.
struct Manifest {
  AccountId account{};
  std::string address;
  WallTime taken_at{};
  bool consistent = true;               // all mailboxes are of one moment
  std::vector<SavedMailbox> mailboxes;  // by id, ascending
};

class ManifestWriter {
 public:
  explicit ManifestWriter(std::unique_ptr<ShelfFile> file) : out_(std::move(file)) {}
  Result<void> begin(const Manifest& head);
  // In the order of the mailboxes, by UID.
  Result<void> add(const SavedMessage& message);
  Result<void> finish();

 private:
  ZstdWriter out_;
  std::uint64_t messages_ = 0;
};

class ManifestReader {
 public:
  // invalid: no manifest, of an unknown version, or torn: here or in next().
  static Result<std::unique_ptr<ManifestReader>> open(std::unique_ptr<FileOctets> file);
  const Manifest& head() const { return head_; }
  // nullopt: that was the last, and nothing is missing.
  Result<std::optional<SavedMessage>> next();

 private:
  explicit ManifestReader(std::unique_ptr<FileOctets> file) : in_(std::move(file)) {}
  Result<void> read_head();

  ZstdReader in_;
  Manifest head_;
  std::uint64_t messages_ = 0;
  bool ended_ = false;
};

}  // namespace postern::backup
