// A mailbox: its name, its role (RFC 6154), its counters. Names are UTF-8 in Unicode NFC with '/' between
// levels; INBOX is always spelled so. Modified UTF-7 is IMAP4rev1's affair (protocols/imap/grammar).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/model/ids.h"

namespace postern {

constexpr char kHierarchySeparator = '/';
constexpr std::string_view kInboxName = "INBOX";
constexpr std::size_t kMailboxNameOctetsMax = 1000;
constexpr std::size_t kMailboxLevelOctetsMax = 255;
constexpr std::size_t kMailboxLevelsMax = 50;

enum class SpecialUse : std::uint8_t { none, all, archive, drafts, flagged, junk, sent, trash, important };

std::string_view attribute_of(SpecialUse use);                           // "\\Sent"; empty for none
std::optional<SpecialUse> special_use_from(std::string_view attribute);  // "\\sent" → sent

class MailboxName {
 public:
  MailboxName() = default;
  // Checks and normalises: NFC, "inbox" (also as the first level) → INBOX, no empty level, no control octets,
  // no '*' or '%', bounds above. ErrorKind::invalid or too_large.
  static Result<MailboxName> parse(std::string_view utf8);
  static MailboxName inbox();

  const std::string& text() const { return text_; }
  bool is_inbox() const { return text_ == kInboxName; }
  // "a/b/c" → "a", "a/b"; empty for a top-level name.
  std::vector<MailboxName> ancestors() const;
  bool is_below(const MailboxName& parent) const;
  // Moves a name that is_below(from), or is from, to the same place below `to`. May exceed the bounds.
  Result<MailboxName> rebased(const MailboxName& from, const MailboxName& to) const;
  friend auto operator<=>(const MailboxName&, const MailboxName&) = default;

 private:
  std::string text_;
};

// The mailbox row without the state of its messages.
struct MailboxStatus {
  UidValidity uid_validity{};
  Uid uid_next{1};
  ModSeq highest_modseq{1};
  Uid first_recent{1};  // messages from here on have not been claimed as \Recent by a session
  std::uint64_t messages = 0;
  std::uint64_t unseen = 0;
  std::uint64_t deleted = 0;  // with \Deleted set
  std::uint64_t octets = 0;
};

struct Mailbox {
  MailboxKey key;
  MailboxName name;
  SpecialUse special_use = SpecialUse::none;
  MailboxStatus status;
};

}  // namespace postern
