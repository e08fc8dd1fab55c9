// RecountRounds: every night all counters, quotas and references are added up from the mail itself, one
// account after the other. What differs is a bug: it is logged as an error and kept for administrators.
#pragma once

#include "storage/postgres/job_rounds.h"
#include "storage/postgres/nightly_job.h"

namespace postern::postgres {

class RecountRounds {
 public:
  RecountRounds(Database& database, const NightlySettings& when, Log log);

  // Counts, if it is due and nobody else does. closed: stop() was called.
  Task<Result<void>> run_once();
  // Before Database::close().
  Task<void> close() { return rounds_.close(); }

 private:
  Job job();
  Task<Result<void>> count();
  Task<Result<void>> count(AccountId account);

  Database& database_;
  const Log log_;
  NightlyJob nightly_;
  bool stopping_ = false;
  JobRounds rounds_;
};

}  // namespace postern::postgres
