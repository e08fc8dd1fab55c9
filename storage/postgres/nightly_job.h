// NightlyJob: work that has its hour. One process does it, by a lease; an evening that was missed, or a round
// that its process did not live to end, is made up as soon as somebody looks. The database's clock and its
// knowledge of time zones decide, so all nodes agree.
#pragma once

#include <map>

#include "config/settings.h"
#include "storage/nightly_jobs.h"
#include "storage/postgres/database.h"
#include "storage/postgres/job_lease.h"

namespace postern::postgres {

class NightlyJob {
 public:
  // `job` names it for ever.
  NightlyJob(Database& database, std::string job, NightlySettings when)
      : database_(database), job_(std::move(job)), when_(std::move(when)), lease_(database, job_.c_str()) {}

  // Whether it is due and ours; then end it by done() or put_off(). internal: a zone that PostgreSQL does not
  // know.
  Task<Result<bool>> take();
  // Whatever the hour.
  Task<Result<bool>> take_now();
  // Between two batches: false if another process has it now.
  Task<Result<bool>> keep() { return lease_.keep(); }
  Task<Result<void>> done();     // until the next evening
  Task<Result<void>> put_off();  // due again at once

 private:
  Database& database_;
  const std::string job_;
  const NightlySettings when_;
  JobLease lease_;
};

// By name.
class PostgresNightlyJobs final : public NightlyJobs {
 public:
  PostgresNightlyJobs(Database& database, NightlySettings when)
      : database_(database), when_(std::move(when)) {}

  Task<Result<bool>> take(std::string job, bool now) override;
  Task<Result<bool>> keep(std::string job) override;
  Task<Result<void>> done(std::string job) override;
  Task<Result<void>> put_off(std::string job) override;
  Task<Result<State>> state(std::string job) override;
  Task<Result<void>> ask(std::string job) override;

 private:
  NightlyJob& of(const std::string& job);

  Database& database_;
  const NightlySettings when_;
  std::map<std::string, NightlyJob> jobs_;
};

}  // namespace postern::postgres
