// Log-ins: a connection, a full TLS handshake, LOGIN, LOGOUT, and again. For some seconds, or once for each
// account.
#include <atomic>
#include <chrono>
#include <exception>
#include <thread>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/sessions.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

struct Lane {
  Times times;
  std::exception_ptr problem;
};

}  // namespace

void run_login(const Options& options, Report& report) {
  const Target target = target_of(options);
  const std::string password = options.text("password");
  const auto start = Clock::now();
  const bool timed = options.has("seconds");
  const auto end = start + std::chrono::seconds(options.number("seconds", 0));
  const std::uint64_t count = timed ? UINT64_MAX : options.number("accounts");
  std::atomic<std::uint64_t> next{0};
  std::vector<Lane> lanes(options.number("connections"));
  const auto log_in_again_and_again = [&](Lane& lane) {
    try {
      while (!timed || Clock::now() < end) {
        const std::uint64_t number = next.fetch_add(1);
        if (number >= count) return;
        const auto begin = Clock::now();
        Imap imap(target, {numbered_account(options, number), password});
        lane.times.add(ms_since(begin));
        imap.command("LOGOUT");
      }
    } catch (...) {
      lane.problem = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (Lane& lane : lanes) threads.emplace_back([&] { log_in_again_and_again(lane); });
  }
  const double seconds = ms_since(start) / 1000;
  Times times;
  for (const Lane& lane : lanes) {
    if (lane.problem) std::rethrow_exception(lane.problem);
    times.add(lane.times);
  }
  report.per_second("rate", "log-in", static_cast<double>(times.count()) / seconds);
  report.ms("p50", times.percentile(0.5));
  report.ms("p99", times.percentile(0.99));
}

}  // namespace postern::bench
