// PurgeRounds: the purge as a job in the background.
#pragma once

#include "storage/postgres/job_rounds.h"
#include "storage/postgres/purge.h"

namespace postern::postgres {

class PurgeRounds {
 public:
  PurgeRounds(Database& database, const StoreSettings& settings, Log log);

  // Ends a round at its next batch; before Database::close().
  Task<void> close() { return rounds_.close(); }

 private:
  Job job();
  Task<Result<void>> round();

  const Log log_;
  Purge purge_;
  JobRounds rounds_;
};

}  // namespace postern::postgres
