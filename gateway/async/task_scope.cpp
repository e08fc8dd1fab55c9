#include "gateway/async/task_scope.h"

#include <cassert>

namespace postern {

// A frame that destroys itself at its end; its task lives in it.
struct TaskScope::Root {
  struct promise_type {
    Root get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

TaskScope::TaskScope(Loop& loop, std::function<void(std::exception_ptr)> on_bug)
    : loop_(loop), on_bug_(std::move(on_bug)) {}

TaskScope::~TaskScope() {
  assert(running_ == 0);
}

void TaskScope::start(Task<void> task) {
  ++running_;
  run(*this, std::move(task));
}

TaskScope::Root TaskScope::run(TaskScope& scope, Task<void> task) {
  std::exception_ptr bug;
  try {
    Task<void> own = std::move(task);
    co_await std::move(own);
  } catch (...) {
    bug = std::current_exception();
  }
  if (bug && scope.on_bug_) scope.on_bug_(bug);
  scope.ended();
}

void TaskScope::ended() {
  --running_;
  if (running_ == 0 && waiter_) loop_.resume_soon(std::exchange(waiter_, {}));
}

Task<void> TaskScope::drained() {
  struct Awaiter {
    TaskScope& scope;
    bool await_ready() const { return scope.running_ == 0; }
    void await_suspend(std::coroutine_handle<> waiter) {
      assert(!scope.waiter_);
      scope.waiter_ = waiter;
    }
    void await_resume() const {}
  };
  Awaiter awaiter{*this};
  while (running_ != 0) co_await awaiter;
}

}  // namespace postern
