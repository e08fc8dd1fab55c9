#include "storage/postgres/purge_rounds.h"

namespace postern::postgres {

PurgeRounds::PurgeRounds(Database& database, const StoreSettings& settings, Log log)
    : log_(log), purge_(database, settings, log), rounds_(database.loop(), log, job()) {}

Job PurgeRounds::job() {
  Job job;
  job.name = "purge";
  job.round = [this] { return round(); };
  job.stop = [this] { purge_.stop(); };
  job.first_after = std::chrono::minutes(1);
  job.interval = std::chrono::minutes(5);
  return job;
}

Task<Result<void>> PurgeRounds::round() {
  CO_TRY(const PurgeCounts counts, co_await purge_.run_once());
  const std::uint64_t all = counts.messages + counts.staged + counts.mailboxes + counts.accounts +
                            counts.write_keys + counts.outbox;
  if (all == 0) co_return Result<void>();
  log_.event(Level::info, "purge.done",
             {{"messages", counts.messages},
              {"blobs", counts.blobs},
              {"staged", counts.staged},
              {"mailboxes", counts.mailboxes},
              {"accounts", counts.accounts},
              {"write_keys", counts.write_keys},
              {"outbox", counts.outbox}});
  co_return Result<void>();
}

}  // namespace postern::postgres
