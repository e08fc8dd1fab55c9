// SORT and THREAD of a whole mailbox (RFC 5256).
#include <algorithm>
#include <cctype>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

std::uint64_t numbers_in(std::string_view line) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  std::uint64_t count = 0;
  bool inside = false;
  for (const char c : line) {
    if (is_digit(c) && !inside) ++count;
    inside = is_digit(c);
  }
  return count;
}

// Each message must be named once.
void time_order(const Options& options, Report& report, const char* metric, const char* command,
                std::string_view response) {
  const std::uint64_t messages = options.number("messages");
  Imap imap(target_of(options), login_of(options));
  expect_count("EXISTS", messages, imap.select("INBOX").exists);
  Times times;
  for (std::uint64_t i = 0; i < options.number("repeat", 1); ++i) {
    std::uint64_t named = 0;
    const auto count = [&](std::string_view line) {
      if (line.starts_with(response)) named = numbers_in(line);
    };
    times.add(imap.command(command, count).ms);
    expect_count(std::string("named by ") + metric, messages, named);
  }
  report.ms(metric, times.median());
}

}  // namespace

void run_sort(const Options& options, Report& report) {
  time_order(options, report, "SORT (DATE)", "UID SORT (DATE) UTF-8 ALL", "* SORT");
}

void run_thread(const Options& options, Report& report) {
  time_order(options, report, "THREAD REFERENCES", "UID THREAD REFERENCES UTF-8 ALL", "* THREAD");
}

}  // namespace postern::bench
