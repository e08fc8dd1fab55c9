#include "storage/backup/backup_rounds.h"

#include "gateway/async/worker.h"

namespace postern::backup {

namespace {

constexpr Milliseconds kLookEvery = std::chrono::minutes(5);

Task<Result<void>> keep(Store& store, const std::function<bool()>& stopping) {
  if (stopping()) co_return Error(ErrorKind::closed, "the backup stops");
  CO_TRY(const bool kept, co_await store.nightly_jobs().keep(kBackupJob));
  if (!kept) co_return Error(ErrorKind::stale, "another process backs up");
  co_return Result<void>();
}

// For lists, which do not ask the repository.
Task<Result<void>> note(Store& store, const Evening& evening, std::size_t evenings_kept) {
  SavedEvening noted;
  noted.date = evening.date;
  noted.begun_at = evening.begun_at;
  noted.ended_at = evening.ended_at;
  noted.accounts = evening.accounts.size();
  for (const EveningAccount& account : evening.accounts) {
    noted.messages += account.messages;
    noted.octets += account.octets;
  }
  noted.new_messages = evening.new_messages;
  noted.new_octets = evening.new_octets;
  noted.failed = evening.failed.size();
  co_return co_await store.evenings().note(std::move(noted), evenings_kept);
}

}  // namespace

Task<Result<std::optional<Evening>>> back_up(Loop& loop, Store& store, const BackupSettings& settings,
                                             const Clock& clock, bool now, std::function<bool()> stopping) {
  CO_TRY(const bool ours, co_await store.nightly_jobs().take(kBackupJob, now));
  if (!ours) co_return std::optional<Evening>();
  auto find = [&settings] { return Repository::of(settings); };
  auto found = co_await in_worker(loop, find);
  if (!found) {
    CO_TRY_VOID(co_await store.nightly_jobs().put_off(kBackupJob));
    co_return found.error();
  }
  Repository repository = *std::move(found);
  Backup backup(loop, store, repository, clock, [&store, &stopping] { return keep(store, stopping); });
  auto saved = co_await backup.run();
  if (!saved) {
    CO_TRY_VOID(co_await store.nightly_jobs().put_off(kBackupJob));
    co_return saved.error();
  }
  const std::size_t evenings = settings.evenings;
  auto sweep = [&repository, evenings] { return repository.sweep(evenings); };
  const auto swept = co_await in_worker(loop, sweep);
  CO_TRY_VOID(co_await note(store, *saved, evenings));
  CO_TRY_VOID(co_await store.nightly_jobs().done(kBackupJob));
  if (!swept) co_return swept.error();
  co_return std::optional<Evening>(*std::move(saved));
}

BackupRounds::BackupRounds(Loop& loop, Store& store, const BackupSettings& settings, const Clock& clock,
                           Log log)
    : loop_(loop),
      store_(store),
      settings_(settings),
      clock_(clock),
      log_(std::move(log)),
      wake_(loop),
      timer_(loop, [this] { wake_.send(true); }),
      scope_(loop) {
  if (!settings_.wanted()) return;
  timer_.start(kLookEvery);
  scope_.start(run());
}

Task<void> BackupRounds::run() {
  for (;;) {
    co_await wake_.next();
    if (closing_) break;
    auto stopping = [this] { return closing_; };
    const auto done = co_await back_up(loop_, store_, settings_, clock_, false, std::move(stopping));
    if (!done) {
      log_.event(Level::error, "backup.broken_off",
                 {{"error", name_of(done.error().kind)}, {"reason", done.error().detail}});
    } else if (*done) {
      const Evening& evening = **done;
      log_.event(evening.failed.empty() ? Level::info : Level::error, "backup.done",
                 {{"evening", evening.date},
                  {"accounts", evening.accounts.size()},
                  {"failed", evening.failed.size()},
                  {"new_messages", evening.new_messages},
                  {"new_octets", evening.new_octets}});
      if (!evening.missed.empty()) {
        log_.event(Level::warning, "backup.missed",
                   {{"evenings", evening.missed.size()},
                    {"first", evening.missed.front()},
                    {"last", evening.missed.back()}});
      }
    }
    if (closing_) break;
    timer_.start(kLookEvery);
  }
}

Task<void> BackupRounds::close() {
  closing_ = true;
  timer_.stop();
  wake_.send(true);
  co_await scope_.drained();
}

}  // namespace postern::backup
