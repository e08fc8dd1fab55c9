// CPU work and blocking calls off the loop (libuv's thread pool): password hashing, name resolution, file
// I/O, large text work. The function must not touch anything that the loop's thread may change meanwhile.
//
//   auto check = [password, hash] { return verify(password, hash); };   // named first, then awaited
//   bool good = co_await in_worker(loop, std::move(check));
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "gateway/async/loop.h"

namespace postern {

namespace worker_detail {
// Queues `work` on the pool and calls `done` on the loop afterwards. Neither may throw.
void queue(Loop& loop, std::function<void()> work, std::function<void()> done);
}  // namespace worker_detail

template <class F>
Task<std::invoke_result_t<F>> in_worker(Loop& loop, F work) {
  using R = std::invoke_result_t<F>;
  static_assert(!std::is_void_v<R>, "return a value: a Result, or a bool");
  struct Awaiter {
    Awaiter(Loop& l, F& w) : loop(l), work(w) {}
    Loop& loop;
    F& work;
    std::optional<R> value;
    std::exception_ptr exception;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
      worker_detail::queue(
          loop,
          [this] {
            try {
              value.emplace(work());
            } catch (...) {
              exception = std::current_exception();
            }
          },
          [waiter] { waiter.resume(); });
    }
    R await_resume() {
      if (exception) std::rethrow_exception(exception);
      return std::move(*value);
    }
  };
  Awaiter awaiter(loop, work);
  co_return co_await awaiter;
}

}  // namespace postern
