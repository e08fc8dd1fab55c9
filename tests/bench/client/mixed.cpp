// Users at work: each does something at fixed times, whether the server keeps up or not, and a time runs from
// when it was due. So a server that stalls shows it in the percentiles, not in fewer requests.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <exception>
#include <random>
#include <thread>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/line_dialogue.h"
#include "tests/bench/client/messages.h"
#include "tests/bench/client/sessions.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

using namespace std::chrono_literals;

constexpr auto kThinking = 50ms;     // between two requests of a user
constexpr auto kBetweenMail = 50ms;  // of each of the connections that deliver
constexpr unsigned kMailLanes = 2;
constexpr std::uint64_t kListed = 20;  // messages of a list; as many must be there

enum class Deed { list, read, flag, look, receive };
constexpr std::array kDeedNames{"list newest", "read", "flag", "NOOP", "receive"};

struct Lane {
  std::array<Times, kDeedNames.size()> times;
  std::exception_ptr problem;
};

class User {
 public:
  User(const Options& options, std::uint64_t number)
      : imap_(target_of(options), {numbered_account(options, number), options.text("password")}),
        random_(static_cast<unsigned>(number)) {
    exists_ = imap_.select("INBOX").exists;
    if (exists_ < kListed) throw Failure("a mailbox without mail");
  }

  Deed act() {
    const unsigned dice = random_() % 100;
    if (dice < 40) return list_newest();
    if (dice < 70) return read_one();
    if (dice < 90) return flag_one();
    imap_.command("NOOP");
    return Deed::look;
  }

 private:
  Deed list_newest() {
    const Answer answer = imap_.command(
        fmt::format("FETCH {}:{} (UID FLAGS RFC822.SIZE ENVELOPE)", exists_ - kListed + 1, exists_));
    if (answer.fetches < kListed) throw Failure("a list without its messages");
    return Deed::list;
  }
  Deed read_one() {
    const Answer answer = imap_.command(fmt::format("FETCH {} (BODY.PEEK[])", 1 + random_() % exists_));
    if (answer.literals == 0) throw Failure("a message without octets");
    return Deed::read;
  }
  Deed flag_one() {
    const char* sign = random_() % 2 == 0 ? "+" : "-";
    imap_.command(fmt::format("STORE {} {}FLAGS (\\Flagged)", 1 + random_() % exists_, sign));
    return Deed::flag;
  }

  Imap imap_;
  std::mt19937 random_;
  std::uint64_t exists_ = 0;
};

// Calls act() at its times until the end; it says what it did.
template <class Act>
void keep_time(Lane& lane, Clock::time_point due, Clock::duration step, Clock::time_point end, Act act) try {
  for (; due < end; due += step) {
    std::this_thread::sleep_until(due);
    const Deed deed = act();
    lane.times[static_cast<std::size_t>(deed)].add(ms_since(due));
  }
} catch (...) {
  lane.problem = std::current_exception();
}

}  // namespace

void run_mixed(const Options& options, Report& report) {
  const std::uint64_t users = options.number("accounts");
  Target lmtp_target = target_of(options, "lmtp-port");
  lmtp_target.tls = false;
  const Messages messages(Sizes::small, options.text("run"));
  std::vector<std::unique_ptr<Lmtp>> mail;
  for (unsigned i = 0; i < kMailLanes; ++i) mail.push_back(std::make_unique<Lmtp>(lmtp_target));
  std::vector<std::unique_ptr<User>> at_work;
  for (std::uint64_t i = 0; i < users; ++i) at_work.push_back(std::make_unique<User>(options, i));

  const auto start = Clock::now() + 100ms;
  const auto end = start + std::chrono::seconds(options.number("seconds"));
  std::vector<Lane> lanes(users + kMailLanes);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < users; ++i) {
      const auto first = start + kThinking * i / users;
      threads.emplace_back(
          [&, i, first] { keep_time(lanes[i], first, kThinking, end, [&] { return at_work[i]->act(); }); });
    }
    for (unsigned i = 0; i < kMailLanes; ++i) {
      threads.emplace_back([&, i, number = std::uint64_t{i}]() mutable {
        keep_time(lanes[users + i], start, kBetweenMail, end, [&] {
          mail[i]->deliver(numbered_account(options, number), messages.octets(number));
          number += kMailLanes;
          return Deed::receive;
        });
      });
    }
  }
  for (const Lane& lane : lanes) {
    if (lane.problem) std::rethrow_exception(lane.problem);
  }
  for (std::size_t deed = 0; deed < kDeedNames.size(); ++deed) {
    Times times;
    for (const Lane& lane : lanes) times.add(lane.times[deed]);
    report.ms(std::string(kDeedNames[deed]) + " p50", times.percentile(0.5));
    report.ms(std::string(kDeedNames[deed]) + " p99", times.percentile(0.99));
  }
}

}  // namespace postern::bench
