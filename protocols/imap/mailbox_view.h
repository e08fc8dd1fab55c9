// MailboxView: the mailbox as this client believes it to be. Message numbers exist only here (RFC 3501
// §2.3.1.2): they are positions in the snapshot last told to the client, shifted by the messages that have
// vanished from the store but not yet from the client's count ("ghosts", RFC 3501 §7.4.1). Pure: no I/O, no
// session.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gateway/base/result.h"
#include "protocols/imap/command.h"
#include "storage/mailbox_index.h"

namespace postern::imap {

enum class SequenceNumber : std::uint32_t {};

class MailboxView {
 public:
  explicit MailboxView(SnapshotPtr told) : told_(std::move(told)) {}

  const SnapshotPtr& snapshot() const { return told_; }
  std::uint32_t exists() const { return static_cast<std::uint32_t>(told_->size() + ghosts_.size()); }
  // Uid{0} in an empty mailbox.
  Uid largest() const;
  // 1 … exists(); the UID may be a ghost's.
  Uid uid_at(SequenceNumber number) const;
  // Of a message in the view, or of the place where it would be.
  SequenceNumber number_of(Uid uid) const;
  // The number of the message at a position of the snapshot, without a search in it.
  SequenceNumber number_at(std::size_t position, Uid uid) const;

  // The messages that the client means; `ghosts`: some of them are gone, and nothing else may stand in for
  // them.
  struct Named {
    UidSet uids;
    bool ghosts = false;
  };
  // invalid: a message number beyond exists(). UIDs need not exist; new ones, not yet told, are not meant.
  Result<Named> resolve(const SequenceSet& set, bool as_uids) const;
  // The next messages of the set, ascending, from `from` on: at most states_max of them.
  std::vector<MessageState> take(const UidSet& uids, Uid from, std::size_t states_max) const;

  // Those of them that the window shows, counted among what is there.
  UidSet part_of(const UidSet& uids, const Window& window) const;

  // \Recent belongs to one session (RFC 3501 §2.3.2).
  void claim_recent(Uid first, Uid end);  // [first, end)
  void disclaim_recent() { recent_ = UidSet(); }
  bool is_recent(Uid uid) const { return recent_.contains(uid); }
  const UidSet& recent() const { return recent_; }
  std::uint32_t recent_count() const;

  // The client knows the outcome of its own STORE; the change is news again only if it turns out otherwise.
  void changed_here(UidSet uids, FlagChange change, ModSeq modseq);

  // Takes a later snapshot over. What vanished becomes a ghost; `flags` are messages whose flags the client
  // does not know yet.
  struct News {
    UidSet flags;
    bool exists = false;    // more messages
    bool keywords = false;  // the mailbox has a new keyword
  };
  News advance(SnapshotPtr now);

  bool has_ghosts() const { return !ghosts_.empty(); }
  const std::vector<Uid>& ghosts() const { return ghosts_; }
  // Forgets the ghosts and returns the numbers to be told one by one, in this order: highest first, so that
  // none of them is shifted by another.
  std::vector<SequenceNumber> bury_ghosts();
  // The same for clients that hear UIDs (RFC 7162 §3.2.10).
  UidSet bury_ghosts_by_uid();

 private:
  struct OwnChange {
    UidSet uids;
    FlagChange change;
    ModSeq modseq{};
  };
  std::size_t ghosts_below(Uid uid) const;
  std::uint32_t ghost_number(std::size_t ghost) const;
  bool has_ghost_in(const UidSet& uids) const;
  // Messages of a change are of few kinds: the last comparison of flags mostly answers the next.
  struct Comparison {
    std::uint32_t before = 0;
    std::uint32_t after = 0;
    bool known = false;
    bool same = false;
  };
  bool expected(const MailboxSnapshot& now, const MessageState& after, Comparison& last) const;

  SnapshotPtr told_;
  std::vector<Uid> ghosts_;  // ascending, in no case also in told_
  UidSet recent_;
  std::vector<OwnChange> own_changes_;
};

// What a STORE makes of flags.
Flags apply(const FlagChange& change, const Flags& before);

}  // namespace postern::imap
