// The mailbox index: the mutable state of every message of an open mailbox (16 octets each), in immutable
// pages shared by all sessions of the process. A Snapshot never changes; the store makes a new one that
// shares the untouched pages. Sequence numbers are positions in a snapshot and exist nowhere else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/model/flags.h"
#include "storage/model/ids.h"
#include "storage/model/mailbox.h"
#include "storage/model/uid_set.h"

namespace postern {

constexpr unsigned kPageBits = 7;  // 128 UIDs a page, by uid >> 7

struct MessageState {
  ModSeq modseq{};
  Uid uid{};
  std::uint32_t flags = 0;  // low 8 bits: SystemFlag; the rest: index of a keyword set in KeywordTable

  std::uint8_t system() const { return static_cast<std::uint8_t>(flags); }
  std::uint32_t keyword_set() const { return flags >> 8; }
  bool has(SystemFlag flag) const { return (flags & static_cast<std::uint8_t>(flag)) != 0; }
  friend bool operator==(const MessageState&, const MessageState&) = default;
};

// Keyword names of a mailbox by their number, and the sets of numbers that occur. Grows only; set 0 is empty.
class KeywordTable {
 public:
  using Number = std::uint8_t;
  KeywordTable() : sets_(1) {}

  void learn(Number number, std::string name);  // what the database knows
  std::optional<Number> number_of(std::string_view name) const;
  bool has_all(const std::vector<std::string>& names) const;
  const std::vector<std::string>& names() const { return names_; }  // by number; empty string: unused

  std::uint32_t intern(std::vector<Number> sorted_numbers);
  const std::vector<Number>& set(std::uint32_t index) const { return sets_[index]; }
  std::size_t sets() const { return sets_.size(); }
  Flags flags_of(const MessageState& state) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<Number>> sets_;
  std::map<std::vector<Number>, std::uint32_t> index_;  // of every set but the empty one
};

struct MailboxPage {
  std::uint32_t number = 0;          // uid >> kPageBits
  std::vector<MessageState> states;  // by uid, never empty
};

class MailboxSnapshot {
 public:
  using Pages = std::vector<std::shared_ptr<const MailboxPage>>;
  MailboxSnapshot(MailboxKey key, MailboxStatus status, Pages pages,
                  std::shared_ptr<const KeywordTable> keywords);

  MailboxKey key() const { return key_; }
  const MailboxStatus& status() const { return status_; }  // as of highest_modseq
  ModSeq modseq() const { return status_.highest_modseq; }
  const KeywordTable& keywords() const { return *keywords_; }
  const Pages& pages() const { return pages_; }
  std::shared_ptr<const KeywordTable> shared_keywords() const { return keywords_; }

  std::size_t size() const { return size_; }
  // By position, 0 … size()-1. O(log pages).
  const MessageState& at(std::size_t position) const;
  const MessageState* find(Uid uid) const;
  // How many messages have a smaller UID: the position of uid if it is there.
  std::size_t rank(Uid uid) const;
  Flags flags(const MessageState& state) const { return keywords_->flags_of(state); }
  UidSet uids() const;

  // Calls f(position, state) for the messages in the set, ascending; cost follows ranges and messages.
  template <class F>
  void each(const UidSet& uids, F f) const {
    for (const UidRange& range : uids.ranges()) {
      for (std::size_t i = page_from(range.first); i < pages_.size(); ++i) {
        const auto& states = pages_[i]->states;
        if (states.front().uid > range.last) break;
        for (std::size_t k = 0; k < states.size(); ++k) {
          if (states[k].uid >= range.first && states[k].uid <= range.last)
            f(first_position_[i] + k, states[k]);
        }
      }
    }
  }
  template <class F>
  void each(F f) const {
    each(UidSet::all(), f);
  }

 private:
  std::size_t page_from(Uid uid) const;  // index of the first page whose last uid is not below uid

  MailboxKey key_;
  MailboxStatus status_;
  Pages pages_;
  std::vector<std::uint32_t> first_position_;  // of each page
  std::size_t size_ = 0;
  std::shared_ptr<const KeywordTable> keywords_;
};

using SnapshotPtr = std::shared_ptr<const MailboxSnapshot>;

// What happened between two snapshots of one mailbox, `before` older.
struct SnapshotDifference {
  UidSet vanished;  // in before, not in after
  UidSet added;     // in after, not in before
  UidSet updated;   // in both, with a greater modseq in after
};
SnapshotDifference difference(const MailboxSnapshot& before, const MailboxSnapshot& after);

}  // namespace postern
