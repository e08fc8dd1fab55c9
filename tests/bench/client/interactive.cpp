// What a person waits for, one thing at a time: run with and without a delay in front of the database, the
// difference tells how many round trips each thing takes.
#include <fmt/format.h>

#include <functional>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/line_dialogue.h"
#include "tests/bench/client/messages.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

constexpr std::uint64_t kRepeat = 15;
constexpr const char* kOther = "Bench other";

}  // namespace

void run_interactive(const Options& options, Report& report) {
  const Target target = target_of(options);
  const Login login = login_of(options);
  Target lmtp_target = target_of(options, "lmtp-port");
  lmtp_target.tls = false;
  Target pop3_target = target;
  pop3_target.port = static_cast<std::uint16_t>(options.number("pop3-port"));
  const Messages messages(Sizes::small, options.text("run"));
  Lmtp lmtp(lmtp_target);
  std::uint64_t delivered = 0;
  for (; delivered < 3 * kRepeat; ++delivered) lmtp.deliver(login.user, messages.octets(delivered));
  Imap imap(target, login);
  imap.make_mailbox(kOther);
  std::uint64_t exists = imap.select("INBOX").exists;
  std::uint64_t number = 0;

  const auto time = [&](const std::string& metric, const std::function<void()>& before,
                        const std::function<void()>& act) {
    Times times;
    for (std::uint64_t i = 0; i < kRepeat; ++i) {
      number = 1 + i;
      if (before) before();
      const auto start = Clock::now();
      act();
      times.add(ms_since(start));
    }
    report.ms(metric, times.median());
  };
  const auto command = [&](const std::string& metric, const std::string& text) {
    time(metric, {}, [&] { imap.command(fmt::format(fmt::runtime(text), number)); });
  };
  time("LMTP delivery", {}, [&] { lmtp.deliver(login.user, messages.octets(delivered++)); });
  time("IMAP log-in", {}, [&] { Imap(target, login); });
  time("POP3 log-in", {}, [&] {
    Pop3 pop3(pop3_target);
    pop3.command("USER " + login.user);
    pop3.command("PASS " + login.password);
  });
  command("LIST", "LIST \"\" *");
  command("STATUS", "STATUS \"Bench other\" (MESSAGES UNSEEN)");
  time(
      "SELECT", [&] { imap.command("UNSELECT"); }, [&] { exists = imap.select("INBOX").exists; });
  command("NOOP", "NOOP");
  command("FETCH flags", "FETCH {} (UID FLAGS)");
  command("FETCH envelope", "FETCH {} (ENVELOPE BODYSTRUCTURE)");
  command("FETCH BODY.PEEK[]", "FETCH {} (BODY.PEEK[])");
  command("FETCH BODY[]", "FETCH {} (BODY[])");
  command("STORE one", "STORE {} +FLAGS (\\Flagged)");
  command("SEARCH UNSEEN", "SEARCH UNSEEN");
  command("COPY one", "COPY {} \"Bench other\"");
  time("APPEND", {}, [&] {
    const std::string octets = messages.octets(delivered++);
    imap.command(fmt::format("APPEND \"Bench other\" {{{}+}}\r\n{}", octets.size(), octets));
  });
  time("MOVE one", {}, [&] { imap.command("MOVE 1 \"Bench other\""); });
  time(
      "EXPUNGE one", [&] { imap.command("STORE 1 +FLAGS.SILENT (\\Deleted)"); },
      [&] { expect_count("EXPUNGE", 1, imap.command("EXPUNGE").expunges); });
  imap.command(fmt::format("DELETE \"{}\"", kOther));
}

}  // namespace postern::bench
