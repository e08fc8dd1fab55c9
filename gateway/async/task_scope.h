// Who starts a task owns it. A TaskScope runs tasks side by side and waits for them; it is the last member
// of its owner, so that nothing a task uses dies before it. Tasks are never destroyed from outside: close
// what they wait for (stream, channel), and they unwind by themselves.
#pragma once

#include <coroutine>
#include <functional>

#include "gateway/async/loop.h"
#include "gateway/async/task.h"

namespace postern {

class TaskScope {
 public:
  // An exception that leaves a task is a bug; `on_bug` hears of it and the task counts as ended.
  explicit TaskScope(Loop& loop, std::function<void(std::exception_ptr)> on_bug = {});
  ~TaskScope();  // must be empty
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;

  // Starts at once, runs until its first real wait inside this call.
  void start(Task<void> task);
  std::size_t running() const { return running_; }
  // Resumes when nothing runs any more. One waiter at a time.
  Task<void> drained();

 private:
  struct Root;
  static Root run(TaskScope& scope, Task<void> task);
  void ended();

  Loop& loop_;
  std::function<void(std::exception_ptr)> on_bug_;
  std::size_t running_ = 0;
  std::coroutine_handle<> waiter_;
};

}  // namespace postern
