// RecordRounds: what is counted and forgotten every hour, by one process at a time.
#pragma once

#include "storage/postgres/job_lease.h"
#include "storage/postgres/job_rounds.h"
#include "storage/postgres/records.h"

namespace postern::postgres {

class RecordRounds {
 public:
  RecordRounds(Database& database, PostgresRecords& records, const AdminSettings& settings, Log log);
  Task<void> close() { return rounds_.close(); }

 private:
  Job job();
  Task<Result<void>> round();

  PostgresRecords& records_;
  const AdminSettings settings_;
  JobLease lease_;
  JobRounds rounds_;
};

}  // namespace postern::postgres
