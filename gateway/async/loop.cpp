#include "gateway/async/loop.h"

#include <csignal>
#include <stdexcept>

namespace postern {

Milliseconds Deadline::left() const {
  if (at == SteadyTime::max()) return Milliseconds::max();
  const auto span = std::chrono::ceil<Milliseconds>(at - std::chrono::steady_clock::now());
  return span < Milliseconds::zero() ? Milliseconds::zero() : span;
}

Loop::Loop() {
  // libuv writes with plain write(2): a peer that has left must be an error, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  if (uv_loop_init(&loop_) != 0) throw std::runtime_error("cannot create the event loop");
  uv_idle_init(&loop_, &ready_handle_);
  ready_handle_.data = this;
}

Loop::~Loop() {
  uv_close(reinterpret_cast<uv_handle_t*>(&ready_handle_), nullptr);
  while (uv_run(&loop_, UV_RUN_NOWAIT) != 0) {
    // Only close callbacks may be left; a handle still active is its owner's bug and would spin here.
    if (uv_loop_alive(&loop_) != 0 && loop_.closing_handles == nullptr) break;
  }
  uv_loop_close(&loop_);
}

void Loop::run() {
  uv_run(&loop_, UV_RUN_DEFAULT);
}
void Loop::stop() {
  uv_stop(&loop_);
}

void Loop::post(std::function<void()> work) {
  ready_.push_back(std::move(work));
  wake();
}

void Loop::resume_soon(std::coroutine_handle<> waiter) {
  post([waiter] { waiter.resume(); });
}

void Loop::wake() {
  uv_idle_start(&ready_handle_, [](uv_idle_t* handle) { static_cast<Loop*>(handle->data)->run_ready(); });
}

void Loop::run_ready() {
  // What is posted while we run waits for the next turn, so sockets and timers get theirs.
  for (std::size_t count = ready_.size(); count > 0; --count) {
    auto work = std::move(ready_.front());
    ready_.pop_front();
    work();
  }
  if (ready_.empty()) uv_idle_stop(&ready_handle_);
}

struct Timer::Handle {
  uv_timer_t timer;
  std::function<void()> on_expiry;
};

Timer::Timer(Loop& loop, std::function<void()> on_expiry) : handle_(new Handle{{}, std::move(on_expiry)}) {
  uv_timer_init(loop.raw(), &handle_->timer);
  handle_->timer.data = handle_;
}

Timer::~Timer() {
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->timer),
           [](uv_handle_t* raw) { delete static_cast<Handle*>(raw->data); });
}

void Timer::start(Milliseconds span) {
  uv_update_time(handle_->timer.loop);
  uv_timer_start(
      &handle_->timer,
      [](uv_timer_t* timer) {
        // A copy: the callback may destroy the Timer.
        auto call = static_cast<Handle*>(timer->data)->on_expiry;
        call();
      },
      static_cast<std::uint64_t>(span.count()), 0);
}

void Timer::stop() {
  uv_timer_stop(&handle_->timer);
}
bool Timer::active() const {
  return uv_is_active(reinterpret_cast<uv_handle_t*>(&handle_->timer)) != 0;
}

struct SignalWatch::Handle {
  uv_signal_t signal;
  std::function<void()> on_signal;
};

SignalWatch::SignalWatch(Loop& loop, int signal_number, std::function<void()> on_signal)
    : handle_(new Handle{{}, std::move(on_signal)}) {
  uv_signal_init(loop.raw(), &handle_->signal);
  handle_->signal.data = handle_;
  uv_signal_start(
      &handle_->signal,
      [](uv_signal_t* raw, int) {
        auto call = static_cast<Handle*>(raw->data)->on_signal;
        call();
      },
      signal_number);
  // Waiting for a signal alone does not keep a loop alive.
  uv_unref(reinterpret_cast<uv_handle_t*>(&handle_->signal));
}

SignalWatch::~SignalWatch() {
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->signal),
           [](uv_handle_t* raw) { delete static_cast<Handle*>(raw->data); });
}

namespace {
class SleepAwaiter {
 public:
  SleepAwaiter(Loop& loop, Milliseconds span) : timer_(loop, [this] { waiter_.resume(); }), span_(span) {}
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    waiter_ = waiter;
    timer_.start(span_);
  }
  void await_resume() const {}

 private:
  std::coroutine_handle<> waiter_;
  Timer timer_;
  Milliseconds span_;
};
}  // namespace

Task<void> sleep(Loop& loop, Milliseconds span) {
  SleepAwaiter awaiter(loop, span);
  co_await awaiter;
}

}  // namespace postern
