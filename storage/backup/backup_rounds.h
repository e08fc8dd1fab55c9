// BackupRounds: a worker's timer for the evening backup. Every worker has one; the nightly job says whose it
// is.
#pragma once

#include "config/settings.h"
#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "gateway/base/log.h"
#include "storage/backup/backup.h"

namespace postern::backup {

// One evening under the nightly job, then the sweep. nullopt: it is not due, or another process is at it.
// `now`: whatever the hour. closed: `stopping` said yes.
Task<Result<std::optional<Evening>>> back_up(Loop& loop, Store& store, const BackupSettings& settings,
                                             const Clock& clock, bool now, std::function<bool()> stopping);

class BackupRounds {
 public:
  // Without a repository it does nothing.
  BackupRounds(Loop& loop, Store& store, const BackupSettings& settings, const Clock& clock, Log log);
  // Ends an evening between two messages; before Store::close().
  Task<void> close();

 private:
  Task<void> run();

  Loop& loop_;
  Store& store_;
  const BackupSettings settings_;
  const Clock& clock_;
  const Log log_;
  bool closing_ = false;
  Channel<bool> wake_;
  Timer timer_;
  TaskScope scope_;
};

}  // namespace postern::backup
