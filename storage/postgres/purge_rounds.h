// PurgeRounds: a worker's timer for Purge. Every process has one; the lease says whose round it is.
#pragma once

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "storage/postgres/purge.h"

namespace postern::postgres {

class PurgeRounds {
 public:
  // The first round comes after a minute.
  PurgeRounds(Database& database, const StoreSettings& settings, Log log);

  // Ends a round at its next batch; before Database::close().
  Task<void> close();

 private:
  Task<void> run();

  const Log log_;
  Purge purge_;
  bool closing_ = false;
  Channel<bool> wake_;
  Timer timer_;
  TaskScope scope_;
};

}  // namespace postern::postgres
