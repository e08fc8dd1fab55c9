// Many sessions in IDLE, for whoever measures the server meanwhile.
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/sessions.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {
constexpr unsigned kOpeners = 4;
}

void run_idle(const Options& options, Report&) {
  const Target target = target_of(options);
  std::vector<std::unique_ptr<Imap>> sessions(options.number("connections"));
  std::atomic<std::uint64_t> next{0};
  std::exception_ptr problem;
  std::mutex mutex;
  const auto open = [&] {
    try {
      for (std::uint64_t i = next.fetch_add(1); i < sessions.size(); i = next.fetch_add(1)) {
        sessions[i] =
            std::make_unique<Imap>(target, Login{numbered_account(options, i), options.text("password")});
        sessions[i]->select("INBOX");
        sessions[i]->start_idle();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      problem = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < kOpeners; ++i) threads.emplace_back(open);
  }
  if (problem) std::rethrow_exception(problem);
  tell_ready("");
  for (const auto& session : sessions) session->end_idle();  // every one of them is still there
}

}  // namespace postern::bench
