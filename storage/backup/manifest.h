// Manifest: an account as it stood on an evening: JSON lines under a zstd frame. The first line is the
// account, then each mailbox, followed by its messages by UID. docs/backup.md has an example.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/model/account.h"
#include "storage/model/flags.h"
#include "storage/model/mailbox.h"

namespace postern::backup {

struct SavedMessage {
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
  std::vector<SavedMessage> messages;
};

struct Manifest {
  AccountId account{};
  std::string address;
  WallTime taken_at{};
  bool consistent = true;  // all mailboxes are of one moment
  std::vector<SavedMailbox> mailboxes;
};

std::string to_text(const Manifest& manifest);
// invalid: torn, or no manifest.
Result<Manifest> manifest_from(std::string_view text);

// What was backed up on an evening.
struct EveningAccount {
  AccountId account{};
  std::string address;
  std::string manifest;  // "2025-01-31": of an earlier evening, if nothing has changed since
  std::uint64_t messages = 0;
  std::uint64_t octets = 0;
};
struct Evening {
  std::string date;  // "2025-01-31"
  WallTime begun_at{};
  WallTime ended_at{};
  std::uint64_t new_messages = 0;
  std::uint64_t new_octets = 0;  // before compression
  std::vector<EveningAccount> accounts;
  std::vector<std::string> failed;  // accounts that could not be read, and why
};
std::string to_text(const Evening& evening);
Result<Evening> evening_from(std::string_view text);

}  // namespace postern::backup
