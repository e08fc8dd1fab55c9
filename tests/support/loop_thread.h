// A Loop in a thread of its own, for tests whose clients block: the server side of a dialogue.
#pragma once

#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/async/loop.h"

namespace postern::tests {

class LoopThread {
 public:
  LoopThread();
  ~LoopThread();  // nothing may be left on the loop but what ends by itself

  // Runs on the loop, soon.
  void post(std::function<void(Loop&)> work);
  // Runs on the loop; returns when `done` has been called, or throws what reached `failed`.
  struct Outcome {
    std::function<void()> done;
    std::function<void(std::exception_ptr)> failed;
  };
  void call(std::function<void(Loop&, Outcome)> work);

 private:
  void run(std::promise<void> ready);
  void run_posted();

  Loop* loop_ = nullptr;  // lives on the thread's stack
  uv_async_t wake_{};
  std::mutex mutex_;
  std::vector<std::function<void(Loop&)>> posted_;
  std::thread thread_;
};

}  // namespace postern::tests
