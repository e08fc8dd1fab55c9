// Work that has its hour, of which one process does each: taken, kept while it goes on, and ended. Evenings
// that were missed, and work whose process died, are due at once.
#pragma once

#include <optional>
#include <string>

#include "gateway/async/task.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"

namespace postern {

constexpr const char* kBackupJob = "backup";

class NightlyJobs {
 public:
  virtual ~NightlyJobs() = default;
  // Whether it is due (or `now`, whatever the hour) and no other process is at it; then it is ours.
  virtual Task<Result<bool>> take(std::string job, bool now) = 0;
  // Between two batches, within minutes: false if it has been lost.
  virtual Task<Result<bool>> keep(std::string job) = 0;
  virtual Task<Result<void>> done(std::string job) = 0;     // until the next evening
  virtual Task<Result<void>> put_off(std::string job) = 0;  // due again at once

  struct State {
    bool running = false;
    bool due = false;  // whoever looks next takes it
    std::optional<WallTime> begun_at;
    std::optional<WallTime> ended_at;  // absent: broken off, running, or asked for
  };
  virtual Task<Result<State>> state(std::string job) = 0;
  // It becomes due, whatever the hour. stale: it is running.
  virtual Task<Result<void>> ask(std::string job) = 0;
};

}  // namespace postern
