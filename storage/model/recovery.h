// Deleted mail that can still be brought back: what an administrator asks for, finds and wants done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "storage/model/mailbox.h"
#include "storage/model/message.h"

namespace postern {

// A removed message: the mailbox it left, the change that took it, and the UID it had.
struct RecoverableKey {
  MailboxId mailbox{};
  ModSeq removal{};  // 0: it went with its mailbox
  Uid uid{};
  friend auto operator<=>(const RecoverableKey&, const RecoverableKey&) = default;
};
std::string to_text(const RecoverableKey& key);                      // "17-4711-3"
Result<RecoverableKey> recoverable_key_from(std::string_view text);  // invalid

struct Recoverable {
  RecoverableKey key;
  std::string mailbox;           // as it is called, or was when it was removed
  bool mailbox_removed = false;  // the mailbox is gone, too
  WallTime removed_at{};
  Removal removal = Door::imap;
  WallTime kept_until{};
  std::string sender;  // decoded, UTF-8; so is the subject
  std::string subject;
  WallTime internal_date{};
  std::uint64_t size = 0;
};

// Texts are looked for anywhere, without case.
struct RecoveryQuery {
  std::optional<MailboxName> mailbox;
  std::optional<WallTime> removed_since;
  std::optional<WallTime> removed_before;
  std::optional<Door> door;
  std::string by;  // Removal::by, whole
  std::string sender;
  std::string subject;
  std::string after;  // RecoveryPage::next of the page before
  std::uint32_t count_max = 100;
};

struct RecoveryPage {
  std::vector<Recoverable> found;  // latest removal first; may be few, or none, though there are more
  std::string next;                // empty: that was all
};

enum class RestorePlace : std::uint8_t {
  original,  // the mailbox it left, or if that is gone the one of its name, made if need be
  dated,     // the same below "Restored 2025-01-31"
  named,     // RestoreTarget::name, made if need be
};

struct RestoreTarget {
  RestorePlace place = RestorePlace::original;
  MailboxName name;
};

struct Restored {
  std::uint64_t messages = 0;
  std::uint64_t duplicates = 0;  // the mailbox has these octets already, as a copy or restored before
  std::uint64_t gone = 0;        // purged, restored elsewhere, or never there

  Restored& operator+=(const Restored& other) {
    messages += other.messages;
    duplicates += other.duplicates;
    gone += other.gone;
    return *this;
  }
  friend bool operator==(const Restored&, const Restored&) = default;
};

struct RemovedMailbox {
  MailboxKey key;
  std::string name;
  WallTime removed_at{};
  Removal removal = Door::imap;
  WallTime kept_until{};
  std::uint64_t messages = 0;
  std::uint64_t octets = 0;
};

struct DeletedAccount {
  AccountId id{};
  std::string address;
  WallTime deleted_at{};
  WallTime kept_until{};
  std::string by;  // who did it, as the audit has it; empty: nobody said
  std::uint64_t messages = 0;
  std::uint64_t octets = 0;
};

}  // namespace postern
