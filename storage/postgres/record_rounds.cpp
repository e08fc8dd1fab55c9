#include "storage/postgres/record_rounds.h"

namespace postern::postgres {

namespace {
constexpr Milliseconds kInterval{std::chrono::minutes(15)};
constexpr Milliseconds kRest{
    std::chrono::minutes(55)};  // of the lease: so every hour for all processes together
}  // namespace

RecordRounds::RecordRounds(Database& database, PostgresRecords& records, const AdminSettings& settings,
                           Log log)
    : records_(records),
      settings_(settings),
      lease_(database, "records"),
      rounds_(database.loop(), std::move(log), job()) {}

Job RecordRounds::job() {
  Job job;
  job.name = "records";
  job.round = [this] { return round(); };
  job.stop = [] {};
  job.first_after = std::chrono::minutes(2);
  job.interval = kInterval;
  return job;
}

Task<Result<void>> RecordRounds::round() {
  CO_TRY(const bool ours, co_await lease_.take());
  if (!ours) co_return Result<void>();
  CO_TRY_VOID(co_await records_.count_usage());
  CO_TRY_VOID(co_await records_.forget_old(settings_.audit_days, settings_.session_life_s));
  co_return co_await lease_.end(kRest);
}

}  // namespace postern::postgres
