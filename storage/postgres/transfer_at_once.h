// A COPY or MOVE of few messages inside one account, in one round trip: it is computed from what is in memory
// of the source, and the statement does nothing unless the source is still that. What it refuses, for
// whatever reason, is a Transfer's affair, which takes several round trips and says why.
#pragma once

#include "storage/postgres/transfer.h"

namespace postern::postgres {

class TransferAtOnce {
 public:
  // `source`: as it was, at some time.
  TransferAtOnce(Database& database, TransferPlan plan, SnapshotPtr source)
      : database_(database), plan_(std::move(plan)), source_(std::move(source)) {}

  // False: nothing was done, and a Transfer may. closed: in doubt, look the key up. Errors as of Database.
  Task<Result<bool>> run();
  // Once run() said true or closed. In doubt, what the target has got is not in it.
  const Copied& outcome() const { return outcome_; }
  // The source after a MOVE that committed; null otherwise.
  SnapshotPtr source_after() const { return source_after_; }

  // More would stand in front of others in their connection's pipeline for too long.
  static constexpr std::size_t kMessagesMax = 256;

 private:
  bool choose();

  Database& database_;
  const TransferPlan plan_;
  const SnapshotPtr source_;

  std::vector<std::int64_t> uids_;
  std::vector<std::string> flags_;  // as they will stand in the target's pages
  std::int64_t unseen_ = 0;
  std::int64_t deleted_ = 0;
  Copied outcome_;
  SnapshotPtr source_after_;
};

}  // namespace postern::postgres
