// How soon a delivery is told to sessions in IDLE: from the 250 to the untagged EXISTS.
#include <fmt/format.h>

#include <charconv>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <random>
#include <thread>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/line_dialogue.h"
#include "tests/bench/client/messages.h"
#include "tests/bench/client/sessions.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

constexpr auto kNewsLimit = std::chrono::seconds(10);
// Servers tell a busy mailbox's news together; this is about one message that comes to a quiet one.
constexpr int kPauseMinMs = 130;
constexpr int kPauseMaxMs = 230;

// A session in IDLE that remembers when it heard of how many messages.
class Listener {
 public:
  Listener(const Target& target, const Login& login) : imap_(target, login) {
    before_ = imap_.select("INBOX").exists;
    imap_.start_idle();
  }
  std::uint16_t local_port() const { return imap_.local_port(); }

  // Reads until `count` messages more than at the start.
  void listen(std::uint64_t count) try {
    heard_.assign(count, {});
    std::uint64_t told = 0;
    while (told < count) {
      const std::string_view line = imap_.next_line();
      std::uint64_t exists = 0;
      const char* end = line.data() + line.size();
      if (!line.starts_with("* ")) throw Failure("while idle: " + std::string(line));
      const auto parsed = std::from_chars(line.data() + 2, end, exists);
      if (std::string_view(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr)) != " EXISTS") continue;
      const std::lock_guard lock(mutex_);
      for (; told < std::min(exists - before_, count); ++told) heard_[told] = Clock::now();
      told_ = told;
      changed_.notify_all();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    problem_ = std::current_exception();
    changed_.notify_all();
  }

  // When the message with this number, from 0, was told.
  Clock::time_point heard(std::uint64_t number) {
    std::unique_lock lock(mutex_);
    const bool in_time =
        changed_.wait_for(lock, kNewsLimit, [&] { return problem_ != nullptr || told_ > number; });
    if (problem_) std::rethrow_exception(problem_);
    if (!in_time) throw Failure("a delivery was not told to an idle session");
    return heard_[number];
  }

 private:
  Imap imap_;
  std::uint64_t before_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Clock::time_point> heard_;
  std::uint64_t told_ = 0;
  std::exception_ptr problem_;
};

void report_group(Report& report, const std::string& name, const Times& times) {
  if (times.count() == 0) return;
  report.ms(name + " p50", times.percentile(0.5));
  report.ms(name + " p99", times.percentile(0.99));
}

}  // namespace

void run_push(const Options& options, Report& report) {
  const std::uint64_t count = options.number("count");
  const Login login = login_of(options);
  Target lmtp_target = target_of(options, "lmtp-port");
  lmtp_target.tls = false;
  const Messages messages(Sizes::small, options.text("run"));
  std::vector<std::unique_ptr<Listener>> listeners;
  std::string ports;
  for (std::uint64_t i = 0; i < options.number("connections"); ++i) {
    listeners.push_back(std::make_unique<Listener>(target_of(options), login));
    ports += fmt::format("{} ", listeners.back()->local_port());
  }
  // The answer has a letter for each session: s(ame) process as the listener's in place 0, d(ifferent), or ?.
  Lmtp lmtp(lmtp_target);
  const std::string places = tell_ready(fmt::format("{} {}", lmtp.local_port(), ports));
  if (places.size() != listeners.size()) throw Failure("expected a letter for each session");

  std::vector<std::jthread> threads;
  for (const auto& listener : listeners)
    threads.emplace_back([&listener, count] { listener->listen(count); });
  std::mt19937 random(3);
  std::uniform_int_distribution<int> pause_ms(kPauseMinMs, kPauseMaxMs);
  Times every, same, different;
  for (std::uint64_t number = 0; number < count; ++number) {
    lmtp.deliver(login.user, messages.octets(number));
    const auto acknowledged = Clock::now();
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      const auto heard = listeners[i]->heard(number);
      const double ms =
          std::max(0.0, std::chrono::duration<double, std::milli>(heard - acknowledged).count());
      every.add(ms);
      if (places[i] == 's') same.add(ms);
      if (places[i] == 'd') different.add(ms);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms(random)));
  }
  report_group(report, "250 to EXISTS", every);
  report_group(report, "same process", same);
  report_group(report, "other process", different);
}

}  // namespace postern::bench
