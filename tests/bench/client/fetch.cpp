// Reading: what mail programs ask of the newest messages, whole bodies, parts of bodies, one large message.
#include <fmt/format.h>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

namespace {

constexpr const char* kThunderbirdItems =
    "(UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date Message-ID Priority "
    "X-Priority "
    "References Newsgroups In-Reply-To Content-Type Reply-To)])";
constexpr const char* kAppleMailItems =
    "(INTERNALDATE UID RFC822.SIZE FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (date subject from "
    "to cc "
    "message-id in-reply-to references content-type x-priority)])";
constexpr const char* kEnvelopeItems = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)";

double mb_per_second(std::uint64_t octets, double ms) {
  return static_cast<double>(octets) / 1000 / ms;
}

// The UID of the message with this number, so that a set of UIDs can start there.
std::string uid_at(Imap& imap, std::uint64_t number) {
  std::string uid;
  imap.command(fmt::format("FETCH {} (UID)", number), [&uid](std::string_view line) {
    const auto at = line.find("UID ");
    if (at != std::string_view::npos)
      uid = line.substr(at + 4, line.find_first_not_of("0123456789", at + 4) - at - 4);
  });
  if (uid.empty()) throw Failure("FETCH (UID) without an answer");
  return uid;
}

double median_of(const Options& options, Imap& imap, const std::string& fetch, std::uint64_t expected) {
  Times times;
  for (std::uint64_t i = 0; i < options.number("repeat", 1); ++i) {
    const Answer answer = imap.command(fetch);
    expect_count("FETCH", expected, answer.fetches);
    times.add(answer.ms);
  }
  return times.median();
}

}  // namespace

void run_headers(const Options& options, Report& report) {
  Imap imap(target_of(options), login_of(options));
  const std::uint64_t exists = imap.select("INBOX").exists;
  const std::uint64_t count = options.number("newest");
  if (exists < count) throw Failure(fmt::format("only {} messages", exists));
  const std::string range = "UID FETCH " + uid_at(imap, exists - count + 1) + ":* ";
  report.ms("Thunderbird", median_of(options, imap, range + kThunderbirdItems, count));
  report.ms("Apple Mail", median_of(options, imap, range + kAppleMailItems, count));
  report.ms("ENVELOPE BODYSTRUCTURE", median_of(options, imap, range + kEnvelopeItems, count));
}

void run_bodies(const Options& options, Report& report) {
  Imap imap(target_of(options), login_of(options));
  const std::uint64_t messages = options.number("messages");
  expect_count("EXISTS", messages, imap.select("INBOX").exists);
  // The first is what a server just started gives.
  const std::uint64_t repeat = options.number("repeat", 1);
  std::uint64_t sizes = 0;
  imap.command("FETCH 1:* (RFC822.SIZE)", [&sizes](std::string_view line) {
    const auto at = line.find("RFC822.SIZE ");
    if (at != std::string_view::npos) sizes += std::strtoull(line.data() + at + 12, nullptr, 10);
  });
  Times whole;
  for (std::uint64_t i = 0; i < repeat; ++i) {
    const Answer answer = imap.command("FETCH 1:* (BODY.PEEK[])");
    expect_count("FETCH", messages, answer.fetches);
    expect_count("octets", sizes, answer.literals);
    whole.add(answer.ms);
  }
  report.per_second("BODY.PEEK[]", "MB", mb_per_second(sizes, whole.median()));
  Times single;
  for (std::uint64_t number = 1; number <= messages; number += 1 + messages / 200) {
    single.add(imap.command(fmt::format("FETCH {} (BODY.PEEK[])", number)).ms);
  }
  report.ms("one BODY.PEEK[] p50", single.median());
  report.ms("partial <1000.8192>", median_of(options, imap, "FETCH 1:* (BODY.PEEK[]<1000.8192>)", messages));
}

void run_large(const Options& options, Report& report) {
  Imap imap(target_of(options), login_of(options));
  imap.select("INBOX");
  Times times;
  std::uint64_t octets = 0;
  for (std::uint64_t i = 0; i < options.number("repeat", 1); ++i) {
    const Answer answer = imap.command("FETCH 1 (BODY.PEEK[])");
    if (answer.literals < options.number("octets")) throw Failure("the large message is short");
    octets = answer.literals;
    times.add(answer.ms);
  }
  report.per_second("50 MB message", "MB", mb_per_second(octets, times.median()));
}

}  // namespace postern::bench
