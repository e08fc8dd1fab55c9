// Changes of many messages at once: flags, copies, moves, expunges. Each prepares a mailbox of its own and
// times the one command it is named for.
#include <fmt/format.h>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

constexpr const char* kWork = "Bench work";
constexpr const char* kOther = "Bench other";

struct Desk {
  Imap imap;
  std::uint64_t count;
  std::string all;  // "1:10000"

  explicit Desk(const Options& options)
      : imap(target_of(options), login_of(options)),
        count(options.number("messages")),
        all(fmt::format("1:{}", count)) {}

  // A mailbox with copies of the first messages in INBOX, opened.
  void fill_work() {
    imap.make_mailbox(kWork);
    imap.select("INBOX");
    imap.command("COPY " + all + " \"" + kWork + "\"");
    expect_count("EXISTS", count, imap.select(kWork).exists);
  }
  void check_exists(const std::string& mailbox, std::uint64_t expected) {
    expect_count("EXISTS in " + mailbox, expected, imap.select(mailbox).exists);
    imap.command("UNSELECT");
  }
  void tidy() {
    imap.attempt("UNSELECT");
    imap.attempt(fmt::format("DELETE \"{}\"", kWork));
    imap.attempt(fmt::format("DELETE \"{}\"", kOther));
  }
};

}  // namespace

void run_store(const Options& options, Report& report) {
  Desk desk(options);
  desk.imap.select("INBOX");
  desk.imap.command("STORE " + desk.all + " -FLAGS.SILENT (\\Flagged \\Answered)");
  report.ms("+FLAGS.SILENT", desk.imap.command("STORE " + desk.all + " +FLAGS.SILENT (\\Flagged)").ms);
  report.ms("-FLAGS.SILENT", desk.imap.command("STORE " + desk.all + " -FLAGS.SILENT (\\Flagged)").ms);
  const Answer loud = desk.imap.command("UID STORE 1:* +FLAGS (\\Answered)");
  if (loud.fetches < desk.count) throw Failure("STORE answered without its FETCH responses");
  report.ms("+FLAGS all", loud.ms);
  Times one;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    one.add(desk.imap.command(fmt::format("STORE {} +FLAGS.SILENT (\\Flagged)", i * desk.count / 100)).ms);
  }
  report.ms("one message", one.median());
  desk.imap.command("STORE 1:* -FLAGS.SILENT (\\Flagged \\Answered)");
}

void run_copy(const Options& options, Report& report) {
  Desk desk(options);
  desk.imap.make_mailbox(kOther);
  desk.imap.select("INBOX");
  report.ms("COPY", desk.imap.command(fmt::format("COPY {} \"{}\"", desk.all, kOther)).ms);
  desk.check_exists(kOther, desk.count);
  desk.tidy();
}

void run_move(const Options& options, Report& report) {
  Desk desk(options);
  desk.fill_work();
  desk.imap.make_mailbox(kOther);
  const Answer answer = desk.imap.command(fmt::format("MOVE {} \"{}\"", desk.all, kOther));
  expect_count("EXPUNGE", desk.count, answer.expunges);
  report.ms("MOVE", answer.ms);
  desk.check_exists(kOther, desk.count);
  desk.check_exists(kWork, 0);
  desk.tidy();
}

void run_expunge(const Options& options, Report& report) {
  Desk desk(options);
  desk.fill_work();
  desk.imap.command("STORE " + desk.all + " +FLAGS.SILENT (\\Deleted)");
  const Answer answer = desk.imap.command("EXPUNGE");
  expect_count("EXPUNGE", desk.count, answer.expunges);
  report.ms("EXPUNGE", answer.ms);
  desk.check_exists(kWork, 0);
  desk.tidy();
}

}  // namespace postern::bench
