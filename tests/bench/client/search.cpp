// SEARCH in a large mailbox; how many messages each search must find follows from how they were made.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/messages.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

std::string yesterday() {
  const std::time_t now = std::time(nullptr) - 48 * 3600;
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%d-%b-%Y", &parts);
  return text;
}

std::uint64_t found_by(std::string_view line) {
  return static_cast<std::uint64_t>(std::count(line.begin(), line.end(), ' ')) - 1;  // "* SEARCH 3 7"
}

}  // namespace

void run_search(const Options& options, Report& report) {
  const std::uint64_t messages = options.number("messages");
  const std::string id = fmt::format("{}.{}@bench.example", messages / 2, options.text("run"));
  struct Search {
    const char* metric;
    std::string text;
    std::uint64_t expected;
  };
  const std::vector<Search> searches{
      {"FROM", fmt::format("FROM \"{}\"", kRareSender), count_of_rare(messages, kRareSenderEvery)},
      {"SUBJECT", fmt::format("SUBJECT \"{}\"", kRareSubject), count_of_rare(messages, kRareSubjectEvery)},
      {"HEADER Message-ID", fmt::format("HEADER Message-ID \"{}\"", id), 1},
      {"SINCE", "SINCE " + yesterday(), messages},
      {"UNSEEN", "UNSEEN", messages},
      {"TEXT", fmt::format("TEXT \"{}\"", kRareWord), count_of_rare(messages, kRareWordEvery)},
      {"BODY", fmt::format("BODY \"{}\"", kRareWord), count_of_rare(messages, kRareWordEvery)},
  };
  Imap imap(target_of(options), login_of(options));
  expect_count("EXISTS", messages, imap.select("INBOX").exists);
  for (const Search& search : searches) {
    Times times;
    for (std::uint64_t i = 0; i < options.number("repeat", 1); ++i) {
      std::uint64_t found = 0;
      times.add(imap.command("UID SEARCH " + search.text,
                             [&found](std::string_view line) {
                               if (line.starts_with("* SEARCH")) found = found_by(line);
                             })
                    .ms);
      expect_count(std::string("found by ") + search.metric, search.expected, found);
    }
    report.ms(search.metric, times.median());
  }
}

}  // namespace postern::bench
