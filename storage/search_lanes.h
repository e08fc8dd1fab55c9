// Lanes: does numbered steps a few at a time, so that some wait for the database while others compute.
#pragma once

#include <functional>

#include "gateway/async/task_scope.h"
#include "gateway/base/result.h"

namespace postern {

class Lanes {
 public:
  // One for an answer on its way, one for each of a few threads.
  static constexpr int kLanes = 3;

  explicit Lanes(Loop& loop) : scope_(loop, [](std::exception_ptr bug) { std::rethrow_exception(bug); }) {}

  // Steps 0 … steps-1, begun in order; after one has failed no other begins. Returns when none is under way.
  Task<Result<void>> run(std::size_t steps, std::function<Task<Result<void>>(std::size_t)> step) {
    next_ = 0;
    outcome_ = Result<void>();
    for (int lane = 0; lane < kLanes; ++lane) scope_.start(go_on(steps, step));
    co_await scope_.drained();
    co_return outcome_;
  }

 private:
  Task<void> go_on(std::size_t steps, const std::function<Task<Result<void>>(std::size_t)>& step) {
    while (next_ < steps && outcome_) {
      const Result<void> done = co_await step(next_++);
      if (!done) outcome_ = done;
    }
  }

  std::size_t next_ = 0;
  Result<void> outcome_;
  TaskScope scope_;
};

}  // namespace postern
