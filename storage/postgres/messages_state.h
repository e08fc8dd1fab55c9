// StateWriter: how flags change and messages vanish (law 2). A writer computes new page images from a
// snapshot and writes them only if the mailbox's highest_modseq is still the snapshot's; if not, it starts
// over from the state of now. So the first round need not ask how the mailbox is: it takes what is in memory,
// and only the write goes to the database. After some lost rounds the writer takes the row's lock first, so
// it always comes to an end.
#pragma once

#include "storage/model/message.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"
#include "storage/postgres/messages_index.h"

namespace postern::postgres {

// What to write, as computed from one snapshot.
struct StateChange {
  explicit StateChange(SnapshotPtr snapshot) : base(std::move(snapshot)), keywords(base->shared_keywords()) {}
  bool empty() const { return pages.empty(); }
  // The page's image to be changed: a copy of the base's, made at first use. Call with ascending UIDs.
  MailboxPage& page_of(Uid uid);
  // The modseq of whatever this change touches.
  ModSeq modseq() const { return ModSeq(raw(base->modseq()) + 1); }

  SnapshotPtr base;
  std::shared_ptr<const KeywordTable> keywords;
  std::vector<MailboxPage> pages;  // by number; without states: the page is empty from now on
  std::int64_t unseen = 0;         // added to the counters
  std::int64_t deleted = 0;
  UidSet vanished;  // what the pages no longer have
};

// What it does to the pages and counters if `uids`, all of them in the snapshot, leave.
void vanish(StateChange& change, const UidSet& uids);

// Pages as parameters of a statement, which borrows the octets.
struct PageImages {
  PageImages() = default;
  PageImages(const std::vector<MailboxPage>& pages, const KeywordTable& keywords);
  PageImages(PageImages&&) = default;
  PageImages& operator=(PageImages&&) = default;

  std::vector<std::int64_t> numbers;
  std::vector<std::string> octets;
  std::vector<Bytes> data;  // views of octets
};

class StateWriter {
 public:
  StateWriter(Database& database, MailboxIndex& index, Doorbell& doorbell, MailboxKey key)
      : database_(database), index_(index), doorbell_(doorbell), key_(key) {}

  // The snapshot to compute a round's change from. not_found.
  Task<Result<SnapshotPtr>> begin_round();
  // The round's snapshot may be older than the call: that nothing is to be changed is not certain, and
  // another round tells.
  bool unverified() const { return unverified_; }
  // True: committed, told to the index and the bell. False: somebody else was first, or the write is in
  // doubt; begin another round. Exactly one of `change.vanished` and flag changes may be in a change.
  // `removal` belongs to what vanishes.
  Task<Result<bool>> write(StateChange change, std::optional<Removal> removal = std::nullopt);
  // The modseq that a write in doubt would have taken.
  std::optional<ModSeq> in_doubt() const { return in_doubt_; }

  static constexpr int kOptimisticRounds = 5;
  static constexpr Milliseconds kSettleTimeMax{60'000};

 private:
  Task<Result<void>> lock();
  Task<Result<Rows>> run(const Statement& statement, Params params);

  Database& database_;
  MailboxIndex& index_;
  Doorbell& doorbell_;
  const MailboxKey key_;
  int rounds_ = 0;
  bool unverified_ = false;
  std::optional<Transaction> lock_;
  std::optional<ModSeq> in_doubt_;
  Deadline settle_until_;
};

}  // namespace postern::postgres
