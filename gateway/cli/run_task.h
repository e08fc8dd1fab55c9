// One task on a loop that is not running yet, from plain code, to its end.
#pragma once

#include <optional>

#include "gateway/async/task_scope.h"

namespace postern::cli {

namespace run_task_detail {
template <class T>
Task<void> keep(Loop& loop, Task<T> task, std::optional<T>& result) {
  T value = co_await std::move(task);
  result.emplace(std::move(value));
  loop.stop();
}
}  // namespace run_task_detail

// An exception in the task is a bug and leaves from here.
template <class T>
T run_to_end(Loop& loop, Task<T> task) {
  std::optional<T> result;
  TaskScope scope(loop, [](std::exception_ptr bug) { std::rethrow_exception(bug); });
  scope.start(run_task_detail::keep(loop, std::move(task), result));
  while (scope.running() > 0) loop.run();
  return *std::move(result);
}

}  // namespace postern::cli
