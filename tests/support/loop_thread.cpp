#include "tests/support/loop_thread.h"

namespace postern::tests {

LoopThread::LoopThread() {
  std::promise<void> ready;
  auto is_ready = ready.get_future();
  thread_ = std::thread([this, &ready] { run(std::move(ready)); });
  is_ready.get();
}

LoopThread::~LoopThread() {
  post([this](Loop&) { uv_close(reinterpret_cast<uv_handle_t*>(&wake_), nullptr); });
  thread_.join();
}

void LoopThread::run(std::promise<void> ready) {
  Loop loop;
  loop_ = &loop;
  wake_.data = this;
  uv_async_init(loop.raw(), &wake_,
                [](uv_async_t* wake) { static_cast<LoopThread*>(wake->data)->run_posted(); });
  ready.set_value();
  loop.run();
}

void LoopThread::run_posted() {
  std::vector<std::function<void(Loop&)>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (const auto& each : work) each(*loop_);
}

void LoopThread::post(std::function<void(Loop&)> work) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
  }
  uv_async_send(&wake_);
}

void LoopThread::call(std::function<void(Loop&, Outcome)> work) {
  auto promise = std::make_shared<std::promise<void>>();
  const Outcome outcome{[promise] { promise->set_value(); },
                        [promise](std::exception_ptr bug) { promise->set_exception(bug); }};
  post([work = std::move(work), outcome](Loop& loop) { work(loop, outcome); });
  promise->get_future().get();
}

}  // namespace postern::tests
