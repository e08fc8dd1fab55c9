// JobLease: which of many processes does a job in the background. A row per job says who and until when; a
// process that dies loses it by the clock. It spares double work; it does not replace the locks of the rows.
#pragma once

#include <string>

#include "storage/postgres/database.h"

namespace postern::postgres {

class JobLease {
 public:
  // `job` must outlive the lease.
  JobLease(Database& database, const char* job);

  // False: another process has it.
  Task<Result<bool>> take();
  // As take(), but without a round trip while there is plenty of time left.
  Task<Result<bool>> keep();
  // Nobody else takes it for `rest`; zero gives it back.
  Task<Result<void>> end(Milliseconds rest);

 private:
  Database& database_;
  const char* const job_;
  const std::string holder_;
  Deadline renew_;
};

}  // namespace postern::postgres
