// Transfer: one attempt at a COPY or MOVE. A transaction holds the target's row from the start, since its new
// UIDs are part of what is written; for MOVE the source's too, so that its pages stay what the change was
// computed from. Inside an account copies share their octets; another account gets its own.
#pragma once

#include "storage/postgres/database.h"
#include "storage/postgres/messages_index.h"
#include "storage/postgres/messages_state.h"

namespace postern::postgres {

struct TransferPlan {
  MailboxKey from;
  MailboxKey to;
  UidSet uids;
  bool move = false;
  std::string key;  // write_keys: settles a commit in doubt
  WallTime save_date{};
  // The target's numbers for the source's keywords, by the source's number; those that messages carry.
  std::vector<std::optional<KeywordTable::Number>> keywords;

  // A message's keywords in the target's numbers, ascending; nullopt: one of them has none yet.
  std::optional<std::vector<KeywordTable::Number>> numbers_in_target(
      const std::vector<KeywordTable::Number>& in_source) const;
};

class Transfer {
 public:
  Transfer(Database& database, MailboxIndex& index, TransferPlan plan)
      : database_(database), index_(index), plan_(std::move(plan)) {}

  // over_quota; not_found: a mailbox is gone; too_large: no UIDs left; stale: the source was changed in a way
  // that needs a new plan; closed: in doubt, look the key up.
  Task<Result<Copied>> run();
  // What is, or if the commit is in doubt would be, the outcome.
  const Copied& outcome() const { return outcome_; }
  // The source after a MOVE that committed; null otherwise.
  SnapshotPtr source_after() const { return source_after_; }

 private:
  struct Mail {  // what is carried over
    std::vector<std::int64_t> uids;
    std::uint64_t octets = 0;
    std::int64_t unseen = 0;
    std::int64_t deleted = 0;
  };

  Task<Result<void>> lock(Transaction& transaction);
  Result<Mail> choose(const MailboxSnapshot& source);
  Task<Result<void>> place(Transaction& transaction, Mail& mail);
  void add_source_writes(std::vector<Query>& queries, const Mail& mail, StateChange& change);
  void add_target_writes(std::vector<Query>& queries, const Mail& mail, const MailboxSnapshot& source);

  Database& database_;
  MailboxIndex& index_;
  TransferPlan plan_;

  // As locked.
  std::int64_t octets_left_ = 0;
  std::int64_t messages_left_ = 0;
  std::int64_t target_uid_next_ = 0;  // may be one beyond the last UID there is
  PageImages source_images_;          // what queries borrow
  PageImages target_images_;

  Copied outcome_;
  SnapshotPtr source_after_;
};

}  // namespace postern::postgres
