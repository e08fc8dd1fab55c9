// Task<T>: one asynchronous call. Lazy (runs when awaited), one owner, and flat on the stack: the child is
// started inside await_suspend and, if it finished at once, the parent simply goes on. Symmetric transfer
// alone would overflow the stack in unoptimised and sanitised builds, where the tail call is missing.
//
// House rules for g++ 12 (ARCHITECTURE.md "Coroutines"): on a line with co_await no `{`, no `[`, no `?:`;
// parameters by value, references only to what outlives the call; no capturing lambda is a coroutine.
#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace postern {

template <class T>
class Task;

namespace task_detail {

struct PromiseBase {
  std::coroutine_handle<> continuation;
  std::exception_ptr exception;

  struct Final {
    bool await_ready() noexcept { return false; }
    template <class P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> self) noexcept {
      // No continuation yet: we finished inside the parent's await_suspend, which looks at done().
      if (auto parent = self.promise().continuation) return parent;
      return std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };

  std::suspend_always initial_suspend() noexcept { return {}; }
  Final final_suspend() noexcept { return {}; }
  void unhandled_exception() { exception = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <class U>
  requires std::convertible_to<U, T>
  void return_value(U&& result) { value.emplace(std::forward<U>(result)); }
  T take() {
    if (exception) std::rethrow_exception(exception);
    return std::move(*value);
  }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() {}
  void take() {
    if (exception) std::rethrow_exception(exception);
  }
};

}  // namespace task_detail

template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = task_detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { reset(); }

  class Awaiter {
   public:
    explicit Awaiter(Handle child) : child_(child) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> parent) {
      child_.resume();
      if (child_.done()) return false;
      child_.promise().continuation = parent;
      return true;
    }
    T await_resume() { return child_.promise().take(); }

   private:
    Handle child_;
  };
  // The task owns the frame until the full expression with co_await ends.
  Awaiter operator co_await() && {
    assert(handle_);
    return Awaiter(handle_);
  }

 private:
  void reset() {
    if (handle_) std::exchange(handle_, {}).destroy();
  }
  Handle handle_;
};

namespace task_detail {
template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(Task<T>::Handle::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(Task<void>::Handle::from_promise(*this));
}
}  // namespace task_detail

}  // namespace postern
