// Channel<T>: many senders, one receiver, on one loop. The one place where a session waits: everything that
// may happen to it (input, a change, a timer, shutdown) is sent here, and it takes one event at a time.
#pragma once

#include <coroutine>
#include <deque>
#include <optional>

#include "gateway/async/loop.h"

namespace postern {

template <class T>
class Channel {
 public:
  explicit Channel(Loop& loop) : loop_(loop) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Never runs the receiver inside the caller. After close() values are dropped.
  void send(T value) {
    if (closed_) return;
    queue_.push_back(std::move(value));
    wake();
  }
  // The receiver gets what was sent before, then nullopt for ever.
  void close() {
    closed_ = true;
    wake();
  }
  bool closed() const { return closed_; }
  bool empty() const { return queue_.empty(); }
  std::size_t size() const { return queue_.size(); }

  // The next value; nullopt once closed and empty. One receiver at a time.
  Task<std::optional<T>> next() {
    Awaiter awaiter(*this);
    while (queue_.empty() && !closed_) co_await awaiter;
    if (queue_.empty()) co_return std::nullopt;
    T value = std::move(queue_.front());
    queue_.pop_front();
    // A drained deque keeps its block; an idle session should not.
    if (queue_.empty()) queue_.shrink_to_fit();
    co_return std::optional<T>(std::move(value));
  }

 private:
  struct Awaiter {
    explicit Awaiter(Channel& c) : channel(c) {}
    Channel& channel;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
      assert(!channel.waiter_);
      channel.waiter_ = waiter;
    }
    void await_resume() const {}
  };

  void wake() {
    if (waiter_) loop_.resume_soon(std::exchange(waiter_, {}));
  }

  Loop& loop_;
  std::deque<T> queue_;
  std::coroutine_handle<> waiter_;
  bool closed_ = false;
};

// One value for one waiter, set once: the bridge from a callback to a coroutine.
template <class T>
class Promised {
 public:
  explicit Promised(Loop& loop) : channel_(loop) {}
  void set(T value) { channel_.send(std::move(value)); }
  Task<T> get() {
    auto value = co_await channel_.next();
    co_return std::move(*value);
  }

 private:
  Channel<T> channel_;
};

}  // namespace postern
