// Deliveries by LMTP over parallel connections that stay open: for some seconds, or a given number of
// messages.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <thread>

#include "tests/bench/client/line_dialogue.h"
#include "tests/bench/client/messages.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

constexpr auto kWarmUp = std::chrono::milliseconds(300);

struct Plan {
  Target target;
  std::string recipient;       // or, with accounts:
  std::uint64_t accounts = 0;  // u0001@DOMAIN … u<accounts>@DOMAIN
  std::string domain;
  std::uint64_t count = UINT64_MAX;
  Clock::time_point warm;  // what ends before is not counted
  Clock::time_point end = Clock::time_point::max();
};

struct Lane {
  Times times;
  std::exception_ptr problem;
};

std::string recipient_of(const Plan& plan, std::uint64_t number) {
  if (plan.accounts == 0) return plan.recipient;
  return fmt::format("u{:04}@{}", 1 + number % plan.accounts, plan.domain);
}

void deliver_all(const Plan& plan, const Messages& messages, std::atomic<std::uint64_t>& next,
                 Lane& lane) try {
  Lmtp lmtp(plan.target);
  while (Clock::now() < plan.end) {
    const std::uint64_t number = next.fetch_add(1);
    if (number >= plan.count) return;
    const std::string octets = messages.octets(number);
    const auto start = Clock::now();
    lmtp.deliver(recipient_of(plan, number), octets);
    if (start >= plan.warm) lane.times.add(ms_since(start));
  }
} catch (...) {
  lane.problem = std::current_exception();
}

Sizes sizes_named(const std::string& name) {
  if (name == "small") return Sizes::small;
  if (name == "mixed") return Sizes::mixed;
  if (name == "given") return Sizes::given;
  throw Failure("--sizes: small, mixed or given");
}

}  // namespace

void run_deliver(const Options& options, Report& report) {
  const Messages messages(sizes_named(options.text("sizes", "small")), options.text("run"),
                          options.number("octets", 0));
  Plan plan;
  plan.target = target_of(options, "lmtp-port");
  plan.target.tls = false;
  plan.recipient = options.text("to", "");
  plan.accounts = options.number("accounts", 0);
  plan.domain = options.text("domain", "");
  plan.count = options.number("count", UINT64_MAX);
  const auto start = Clock::now();
  plan.warm = start;
  if (options.has("seconds")) {
    plan.warm = start + kWarmUp;
    plan.end = plan.warm + std::chrono::seconds(options.number("seconds"));
  }
  std::atomic<std::uint64_t> next{0};
  std::vector<Lane> lanes(options.number("connections"));
  {
    std::vector<std::jthread> threads;
    for (Lane& lane : lanes) threads.emplace_back([&] { deliver_all(plan, messages, next, lane); });
  }
  const double seconds = ms_since(plan.warm) / 1000;
  Times times;
  for (const Lane& lane : lanes) {
    if (lane.problem) std::rethrow_exception(lane.problem);
    times.add(lane.times);
  }
  if (times.count() == 0) throw Failure("nothing was delivered");
  report.per_second("rate", "msg", static_cast<double>(times.count()) / seconds);
  report.add("delivered", "msg", static_cast<double>(std::min(next.load(), plan.count)), Better::higher);
  report.ms("p50", times.percentile(0.5));
  report.ms("p99", times.percentile(0.99));
}

}  // namespace postern::bench
