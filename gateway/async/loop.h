// The event loop of one worker process: a thin owner of uv_loop_t with a ready queue, timers and signals.
// Everything in the process runs on it; only Worker (worker.h) uses other threads.
#pragma once

#include <uv.h>

#include <array>
#include <coroutine>
#include <deque>
#include <functional>
#include <memory>
#include <span>

#include "gateway/async/task.h"
#include "gateway/base/clock.h"

namespace postern {

// An absolute limit in time. Default: never.
struct Deadline {
  SteadyTime at = SteadyTime::max();
  static Deadline after(Milliseconds span) { return Deadline{std::chrono::steady_clock::now() + span}; }
  bool passed() const { return at != SteadyTime::max() && std::chrono::steady_clock::now() >= at; }
  Milliseconds left() const;
};

class Loop {
 public:
  Loop();
  ~Loop();  // runs pending close callbacks; every handle must have been closed by its owner
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Until stop(), or until nothing is left that could ever happen.
  void run();
  void stop();

  // Runs later on this loop, in order, never inside the caller.
  void post(std::function<void()> work);
  // Resumes a coroutine later: the way to wake a waiter without re-entering it.
  void resume_soon(std::coroutine_handle<> waiter);

  uv_loop_t* raw() { return &loop_; }
  // One buffer for all reads of the loop; what it holds lives until the next read callback.
  std::span<char> shared_read_buffer() { return read_buffer_; }
  // One buffer for what TLS decrypts; what it holds lives until the coroutine that decrypted waits again.
  std::span<char> shared_plain_buffer() { return plain_buffer_; }

 private:
  void wake();
  void run_ready();

  uv_loop_t loop_;
  uv_idle_t ready_handle_;  // active only while something is ready, so that the loop does not block
  std::deque<std::function<void()>> ready_;
  std::array<char, 65536> read_buffer_;
  std::array<char, 65536> plain_buffer_;
};

// A repeatable one-shot timer. The callback may arm it again. Stopping or destroying it cancels.
class Timer {
 public:
  Timer(Loop& loop, std::function<void()> on_expiry);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  void start(Milliseconds span);  // replaces an earlier start
  void stop();
  bool active() const;

 private:
  struct Handle;
  Handle* handle_;  // libuv frees handles later than their owner; the close callback deletes it
};

// Calls back on the loop when the process gets the signal.
class SignalWatch {
 public:
  SignalWatch(Loop& loop, int signal_number, std::function<void()> on_signal);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  struct Handle;
  Handle* handle_;
};

// co_await sleep(loop, 100ms);
Task<void> sleep(Loop& loop, Milliseconds span);

}  // namespace postern
