#include "storage/postgres/job_lease.h"

#include "gateway/base/text.h"
#include "storage/postgres/write_keys.h"

namespace postern::postgres {

namespace {

// Longer than any statement may take, so that the holder can always renew in time.
constexpr Milliseconds kLeaseTime = std::chrono::minutes(5);
constexpr Milliseconds kRenewAfter = std::chrono::minutes(1);

constexpr Statement kTakeLease{"take_job_lease", R"sql(
  INSERT INTO job_leases (job, holder, until)
  VALUES ($1::text, $2::text, now() + $3::bigint * interval '1 millisecond')
  ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, until = excluded.until
   WHERE job_leases.until < now() OR job_leases.holder = excluded.holder
  RETURNING job)sql"};

constexpr Statement kEndLease{"end_job_lease", R"sql(
  UPDATE job_leases SET until = now() + $3::bigint * interval '1 millisecond'
   WHERE job = $1::text AND holder = $2::text)sql"};

}  // namespace

JobLease::JobLease(Database& database, const char* job)
    : database_(database), job_(job), holder_(text::hex(random_write_key())) {}

Task<Result<bool>> JobLease::take() {
  Params params(job_, holder_, static_cast<std::int64_t>(kLeaseTime.count()));
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kTakeLease, std::move(params)));
  renew_ = Deadline::after(kRenewAfter);
  co_return !rows.empty();
}

Task<Result<bool>> JobLease::keep() {
  if (!renew_.passed()) co_return true;
  co_return co_await take();
}

Task<Result<void>> JobLease::end(Milliseconds rest) {
  Params params(job_, holder_, static_cast<std::int64_t>(rest.count()));
  CO_TRY_VOID(co_await database_.query(Lane::write, kEndLease, std::move(params)));
  co_return Result<void>();
}

}  // namespace postern::postgres
