#include "storage/postgres/nightly_job.h"

namespace postern::postgres {

namespace {

// Due since the latest moment at which the clocks of the zone showed the hour. What was begun since then and
// has not ended is due, too.
constexpr Statement kDue{"nightly_due", R"sql(
  WITH here AS MATERIALIZED (
    SELECT date_trunc('day', now() AT TIME ZONE $2::text) + $3::text::time AS today),
  hour AS MATERIALIZED (
    SELECT CASE WHEN today AT TIME ZONE $2::text <= now() THEN today AT TIME ZONE $2::text
                ELSE (today - interval '1 day') AT TIME ZONE $2::text END AS moment
      FROM here)
  SELECT NOT EXISTS (SELECT FROM job_runs
                      WHERE job = $1::text AND begun_at >= hour.moment AND ended_at IS NOT NULL),
         hour.moment
    FROM hour)sql"};

constexpr Statement kState{"nightly_state", R"sql(
  SELECT run.begun_at, run.ended_at, run.ended_at IS NULL AND lease.until > now()
    FROM (SELECT $1::text AS job) asked
    LEFT JOIN job_runs run ON run.job = asked.job
    LEFT JOIN job_leases lease ON lease.job = asked.job)sql"};

// A run that has not ended is due.
constexpr Statement kAsk{"nightly_ask", R"sql(
  WITH running AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM job_leases WHERE job = $1::text AND until > now()) AS already),
  asked AS (
    UPDATE job_runs SET ended_at = NULL FROM running WHERE job = $1::text AND NOT running.already),
  noted AS (
    INSERT INTO audit (who, via, source, action, kind, object)
    SELECT acting('who'), acting('via'), acting('from'), 'run', 'job', $1::text
      FROM running WHERE NOT running.already)
  SELECT running.already FROM running)sql"};

constexpr Statement kBegin{"nightly_begin", R"sql(
  INSERT INTO job_runs (job, begun_at) VALUES ($1::text, now())
  ON CONFLICT (job) DO UPDATE SET begun_at = now(), ended_at = NULL)sql"};

constexpr Statement kEnd{"nightly_end", R"sql(
  UPDATE job_runs SET ended_at = now() WHERE job = $1::text)sql"};

}  // namespace

Task<Result<bool>> NightlyJob::take() {
  const Params due(job_, when_.zone, when_.at);
  CO_TRY(const Rows before, co_await database_.query(Lane::read, kDue, due));
  const bool asked = before[0].get<bool>(0);
  if (!asked) co_return false;
  CO_TRY(const bool ours, co_await lease_.take());
  if (!ours) co_return false;
  // Another process may have ended it between the question and the lease.
  CO_TRY(const Rows now, co_await database_.query(Lane::read, kDue, due));
  const bool still = now[0].get<bool>(0);
  if (!still) {
    CO_TRY_VOID(co_await lease_.end(Milliseconds(0)));
    co_return false;
  }
  CO_TRY_VOID(co_await database_.query(Lane::write, kBegin, Params(job_)));
  co_return true;
}

Task<Result<bool>> NightlyJob::take_now() {
  CO_TRY(const bool ours, co_await lease_.take());
  if (!ours) co_return false;
  CO_TRY_VOID(co_await database_.query(Lane::write, kBegin, Params(job_)));
  co_return true;
}

Task<Result<void>> NightlyJob::done() {
  CO_TRY_VOID(co_await database_.query(Lane::write, kEnd, Params(job_)));
  co_return co_await lease_.end(Milliseconds(0));
}

Task<Result<void>> NightlyJob::put_off() {
  co_return co_await lease_.end(Milliseconds(0));
}

NightlyJob& PostgresNightlyJobs::of(const std::string& job) {
  return jobs_.try_emplace(job, database_, job, when_).first->second;
}

Task<Result<bool>> PostgresNightlyJobs::take(std::string job, bool now) {
  if (now) co_return co_await of(job).take_now();
  co_return co_await of(job).take();
}

Task<Result<bool>> PostgresNightlyJobs::keep(std::string job) {
  co_return co_await of(job).keep();
}

Task<Result<void>> PostgresNightlyJobs::done(std::string job) {
  co_return co_await of(job).done();
}

Task<Result<void>> PostgresNightlyJobs::put_off(std::string job) {
  co_return co_await of(job).put_off();
}

Task<Result<NightlyJobs::State>> PostgresNightlyJobs::state(std::string job) {
  std::vector<Query> queries;
  queries.emplace_back(kState, Params(job));
  queries.emplace_back(kDue, Params(job, when_.zone, when_.at));
  CO_TRY(const std::vector<Rows> rows, co_await database_.batch(Lane::read, std::move(queries)));
  State state;
  state.begun_at = rows[0][0].get<std::optional<WallTime>>(0);
  state.ended_at = rows[0][0].get<std::optional<WallTime>>(1);
  state.running = rows[0][0].get<std::optional<bool>>(2).value_or(false);
  state.due = rows[1][0].get<bool>(0);
  co_return state;
}

Task<Result<void>> PostgresNightlyJobs::ask(std::string job) {
  Params params(job);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kAsk, std::move(params)));
  const bool already = rows[0].get<bool>(0);
  if (already) co_return Error(ErrorKind::stale, "the job is running");
  co_return Result<void>();
}

}  // namespace postern::postgres
