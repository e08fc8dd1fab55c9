#include "storage/postgres/purge_rounds.h"

namespace postern::postgres {

namespace {

constexpr Milliseconds kFirstRoundAfter = std::chrono::minutes(1);
constexpr Milliseconds kRoundInterval = std::chrono::minutes(5);

void report(const Log& log, const PurgeCounts& counts) {
  const std::uint64_t all =
      counts.messages + counts.staged + counts.mailboxes + counts.accounts + counts.write_keys + counts.outbox;
  if (all == 0) return;
  log.event(Level::info, "purge.done",
            {{"messages", counts.messages},
             {"blobs", counts.blobs},
             {"staged", counts.staged},
             {"mailboxes", counts.mailboxes},
             {"accounts", counts.accounts},
             {"write_keys", counts.write_keys},
             {"outbox", counts.outbox}});
}

}  // namespace

PurgeRounds::PurgeRounds(Database& database, const StoreSettings& settings, Log log)
    : log_(log),
      purge_(database, settings, log),
      wake_(database.loop()),
      timer_(database.loop(), [this] { wake_.send(true); }),
      scope_(database.loop()) {
  timer_.start(kFirstRoundAfter);
  scope_.start(run());
}

Task<void> PurgeRounds::run() {
  for (;;) {
    co_await wake_.next();
    if (closing_) break;
    const Result<PurgeCounts> counts = co_await purge_.run_once();
    if (closing_) break;
    if (counts) report(log_, *counts);
    if (!counts) {
      const std::string_view kind = name_of(counts.error().kind);
      log_.event(Level::warning, "purge.broken_off", {{"error", kind}, {"reason", counts.error().detail}});
    }
    timer_.start(kRoundInterval);
  }
}

Task<void> PurgeRounds::close() {
  closing_ = true;
  purge_.stop();
  timer_.stop();
  wake_.send(true);
  co_await scope_.drained();
}

}  // namespace postern::postgres
