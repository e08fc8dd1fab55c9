// JobRounds: a worker's timer for a job in the background. Every process has one per job; the job's lease
// says whose round it is.
#pragma once

#include <functional>
#include <string>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "gateway/base/log.h"
#include "gateway/base/result.h"

namespace postern::postgres {

struct Job {
  std::string name;                           // room of its log lines
  std::function<Task<Result<void>>()> round;  // one round; what it did is for itself to tell
  std::function<void()> stop;                 // ends a round at its next pause, and all later ones
  Milliseconds first_after{60'000};           // until the first round
  Milliseconds interval{300'000};             // from the end of a round to the next
};

class JobRounds {
 public:
  JobRounds(Loop& loop, Log log, Job job);

  // Ends a round at its next pause; before Database::close().
  Task<void> close();

 private:
  Task<void> run();

  const Log log_;
  const Job job_;
  bool closing_ = false;
  Channel<bool> wake_;
  Timer timer_;
  TaskScope scope_;
};

}  // namespace postern::postgres
