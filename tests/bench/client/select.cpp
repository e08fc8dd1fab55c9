// Opening a large mailbox, its status, the flags of all its messages, and catching up after changes
// elsewhere.
#include <fmt/format.h>

#include <charconv>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

constexpr std::uint64_t kChangesElsewhere = 100;

// Once, for a server that was just started; else the median of --repeat after one that is not counted.
template <class Once>
void repeat(const Options& options, Report& report, const std::string& metric, Once once) {
  const std::uint64_t count = options.number("repeat", 1);
  if (count > 1) once();
  Times times;
  for (std::uint64_t i = 0; i < count; ++i) times.add(once());
  report.ms(metric, times.median());
  if (count >= 100) report.ms(metric + " p99", times.percentile(0.99));
}

std::uint64_t code_number(const Answer& answer, const std::string& text, const std::string& code) {
  const auto at = text.find("[" + code + " ");
  if (at == std::string::npos) throw Failure("no " + code + " in the answer to SELECT: " + answer.status);
  std::uint64_t number = 0;
  const char* from = text.data() + at + code.size() + 2;
  std::from_chars(from, text.data() + text.size(), number);
  return number;
}

struct Remembered {
  std::uint64_t uid_validity = 0;
  std::uint64_t modseq = 0;
};

Remembered remember(Imap& imap) {
  std::string untagged;
  const Answer answer = imap.command(
      "SELECT INBOX (CONDSTORE)", [&untagged](std::string_view line) { untagged.append(line).append("\n"); });
  return {code_number(answer, untagged, "UIDVALIDITY"), code_number(answer, untagged, "HIGHESTMODSEQ")};
}

void change_some(const Options& options, std::uint64_t messages) {
  Imap other(target_of(options), login_of(options));
  other.select("INBOX");
  std::string set;
  for (std::uint64_t i = 0; i < kChangesElsewhere; ++i) {
    set += fmt::format("{}{}", i == 0 ? "" : ",", 1 + i * messages / kChangesElsewhere);
  }
  // Whatever they were, they change: one of the two does something.
  other.command("STORE " + set + " -FLAGS.SILENT (\\Flagged)");
  other.command("STORE " + set + " +FLAGS.SILENT (\\Flagged)");
}

}  // namespace

void run_select(const Options& options, Report& report) {
  Imap imap(target_of(options), login_of(options));
  repeat(options, report, "SELECT", [&] {
    const Answer answer = imap.select("INBOX");
    expect_count("EXISTS", options.number("messages"), answer.exists);
    imap.command("UNSELECT");
    return answer.ms;
  });
}

void run_status(const Options& options, Report& report) {
  Imap imap(target_of(options), login_of(options));
  const std::string expected = fmt::format("MESSAGES {}", options.number("messages"));
  repeat(options, report, "STATUS", [&] {
    bool seen = false;
    const Answer answer = imap.command("STATUS INBOX (MESSAGES UIDNEXT UNSEEN)", [&](std::string_view line) {
      seen = line.find(expected) != std::string_view::npos;
    });
    if (!seen) throw Failure("STATUS does not say " + expected);
    return answer.ms;
  });
}

// A client that comes to a server just started opens the mailbox for this; one that stays has it open.
void run_flags(const Options& options, Report& report) {
  Imap imap(target_of(options), login_of(options));
  double opening = imap.select("INBOX").ms;
  if (options.number("repeat", 1) > 1) opening = 0;
  repeat(options, report, "FETCH 1:* (UID FLAGS)", [&] {
    const Answer answer = imap.command("FETCH 1:* (UID FLAGS)");
    expect_count("FETCH", options.number("messages"), answer.fetches);
    return opening + answer.ms;
  });
}

// From log-in done to all news heard.
void run_resync(const Options& options, Report& report) {
  const std::uint64_t messages = options.number("messages");
  Times condstore;
  Times qresync;
  for (std::uint64_t i = 0; i < options.number("repeat", 1); ++i) {
    Imap imap(target_of(options), login_of(options));
    const Remembered known = remember(imap);
    change_some(options, messages);

    Imap second(target_of(options), login_of(options));
    const Answer select = second.command("SELECT INBOX (CONDSTORE)");
    const Answer news = second.command(fmt::format("UID FETCH 1:* (FLAGS) (CHANGEDSINCE {})", known.modseq));
    expect_count("FETCH after CHANGEDSINCE", kChangesElsewhere, news.fetches);
    condstore.add(select.ms + news.ms);

    if (!imap.offers("QRESYNC")) continue;
    Imap third(target_of(options), login_of(options));
    third.command("ENABLE QRESYNC");
    const Answer resync =
        third.command(fmt::format("SELECT INBOX (QRESYNC ({} {}))", known.uid_validity, known.modseq));
    expect_count("FETCH after QRESYNC", kChangesElsewhere, resync.fetches);
    qresync.add(resync.ms);
  }
  report.ms("CONDSTORE", condstore.median());
  if (qresync.count() > 0) report.ms("QRESYNC", qresync.median());
}

}  // namespace postern::bench
