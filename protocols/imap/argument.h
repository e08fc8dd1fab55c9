// What stands as an argument in more than one command: mailboxes, sets of messages, items of STATUS, windows.
// Values only; the grammar makes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "storage/model/mailbox.h"

namespace postern::imap {

// What stood where a mailbox is expected. An impossible name is well-formed syntax: the command answers as
// for a mailbox that does not exist, or NO [CANNOT] if it was to be made, never BAD.
struct MailboxArgument {
  MailboxName name;
  std::string problem;  // why this is no name; empty: `name` is one

  // The name of something that should exist. not_found
  Result<MailboxName> existing() const {
    if (!problem.empty()) return Error(ErrorKind::not_found, problem);
    return name;
  }
  // The name of something to be made. invalid: answer NO [CANNOT].
  Result<MailboxName> creatable() const {
    if (!problem.empty()) return Error(ErrorKind::invalid, problem);
    return name;
  }
  friend bool operator==(const MailboxArgument&, const MailboxArgument&) = default;
};

// sequence-set (RFC 3501 §9), as written: message numbers or UIDs, unordered. Resolved in
// grammar/sequence_set.h.
struct SequenceSet {
  static constexpr std::uint32_t kLargest = 0;  // "*": zero itself is not a number of the grammar
  struct Range {
    std::uint32_t first = 1;
    std::uint32_t last = 1;
    friend bool operator==(const Range&, const Range&) = default;
  };
  std::vector<Range> ranges;
  bool saved = false;  // "$": what the last SEARCH saved (RFC 5182); there are no ranges then
  friend bool operator==(const SequenceSet&, const SequenceSet&) = default;
};

enum class StatusItem : std::uint8_t {
  messages,
  recent,
  uid_next,
  uid_validity,
  unseen,
  highest_modseq,  // RFC 7162
  size,            // RFC 8438
  deleted,         // RFC 9051
  deleted_size,    // DELETED-STORAGE, RFC 9208
  mailbox_id,      // RFC 8474
  append_limit,    // RFC 7889
};

// The n-th to the m-th of what there is, counted from one end (RFC 9394). first <= last.
struct Window {
  std::uint32_t first = 1;
  std::uint32_t last = 1;
  bool from_end = false;
  friend bool operator==(const Window&, const Window&) = default;
};

// Mailboxes by what they are to the user (RFC 5465 §6, RFC 7377 §2.2).
struct MailboxFilter {
  enum class Kind : std::uint8_t {
    selected,
    selected_delayed,
    inboxes,
    personal,
    subscribed,
    subtree,
    subtree_one,  // and one level below
    mailboxes,
  };
  Kind kind = Kind::selected;
  std::vector<MailboxArgument> names = {};  // of subtree, subtree_one and mailboxes
  friend bool operator==(const MailboxFilter&, const MailboxFilter&) = default;
};

}  // namespace postern::imap
