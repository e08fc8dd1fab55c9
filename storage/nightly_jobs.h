// Work that has its hour, of which one process does each: taken, kept while it goes on, and ended. Evenings
// that were missed, and work whose process died, are due at once.
#pragma once

#include <string>

#include "gateway/async/task.h"
#include "gateway/base/result.h"

namespace postern {

class NightlyJobs {
 public:
  virtual ~NightlyJobs() = default;
  // Whether it is due (or `now`, whatever the hour) and no other process is at it; then it is ours.
  virtual Task<Result<bool>> take(std::string job, bool now) = 0;
  // Between two batches, within minutes: false if it has been lost.
  virtual Task<Result<bool>> keep(std::string job) = 0;
  virtual Task<Result<void>> done(std::string job) = 0;     // until the next evening
  virtual Task<Result<void>> put_off(std::string job) = 0;  // due again at once
};

}  // namespace postern
