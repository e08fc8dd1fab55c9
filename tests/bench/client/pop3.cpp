// A program that downloads a mailbox by POP3 and leaves it on the server.
#include <fmt/format.h>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/line_dialogue.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

constexpr std::uint64_t kWindow = 32;  // commands under way when pipelining (RFC 2449 §6.6)
constexpr int kLogInsBefore = 12;      // untimed, so that every worker process knows the password

double timed(auto&& work) {
  const auto start = Clock::now();
  work();
  return ms_since(start);
}

}  // namespace

void run_pop3(const Options& options, Report& report) {
  const std::uint64_t messages = options.number("messages");
  const Login login = login_of(options);
  for (int i = 0; i < kLogInsBefore; ++i) {
    Pop3 before(target_of(options));
    before.command("USER " + login.user);
    before.command("PASS " + login.password);
    before.command("QUIT");
  }
  Pop3 pop3(target_of(options));
  pop3.command("USER " + login.user);
  report.ms("PASS", timed([&] { pop3.command("PASS " + login.password); }));
  std::string stat;
  report.ms("STAT", timed([&] { stat = pop3.command("STAT"); }));
  if (!stat.starts_with(fmt::format("+OK {} ", messages))) throw Failure("STAT: " + stat);
  report.ms("LIST", timed([&] { expect_count("lines of LIST", messages, pop3.listing("LIST").lines); }));
  report.ms("UIDL", timed([&] { expect_count("lines of UIDL", messages, pop3.listing("UIDL").lines); }));

  std::uint64_t octets = 0;
  const double one_by_one = timed([&] {
    for (std::uint64_t i = 1; i <= messages; ++i) octets += pop3.listing(fmt::format("RETR {}", i)).octets;
  });
  report.ms("RETR all", one_by_one);
  std::uint64_t again = 0;
  const double pipelined = timed([&] {
    for (std::uint64_t first = 1; first <= messages; first += kWindow) {
      const std::uint64_t end = std::min(first + kWindow, messages + 1);
      std::string commands;
      for (std::uint64_t i = first; i < end; ++i) commands += fmt::format("RETR {}\r\n", i);
      pop3.send(commands);
      for (std::uint64_t i = first; i < end; ++i) again += pop3.read_listing().octets;
    }
  });
  expect_count("octets", octets, again);
  report.ms("RETR all, pipelined", pipelined);
  pop3.command("QUIT");
}

}  // namespace postern::bench
