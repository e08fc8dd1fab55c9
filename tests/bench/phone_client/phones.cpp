// Phones that synchronise and that wait: a new phone's first Sync, a Sync without news, of ten changes,
// pushes, and many that only wait.
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>

#include "tests/bench/client/imap.h"
#include "tests/bench/client/line_dialogue.h"
#include "tests/bench/client/messages.h"
#include "tests/bench/client/sessions.h"
#include "tests/bench/phone_client/sync_device.h"
#include "tests/bench/phone_client/workloads.h"

namespace postern::bench {

namespace {

constexpr std::uint64_t kChanges = 10;
constexpr auto kBetweenPushes = std::chrono::milliseconds(20);

// Letters and digits, as device ids are.
std::string device_name(const Options& options, std::uint64_t number) {
  std::string run = options.text("run");
  std::replace(run.begin(), run.end(), '-', 'x');
  return fmt::format("bench{}y{}", run, number);
}

// Opens `count` phones side by side; each has all that there is, and waits for more.
std::vector<std::unique_ptr<SyncDevice>> open_waiting_phones(const Options& options, std::uint64_t count) {
  std::vector<std::unique_ptr<SyncDevice>> phones(count);
  open_side_by_side(count, [&](std::uint64_t i) {
    phones[i] = std::make_unique<SyncDevice>(options, numbered_account(options, i), device_name(options, i));
    phones[i]->find_inbox();
    phones[i]->sync_all();
    phones[i]->start_ping();
  });
  return phones;
}

Target lmtp_target(const Options& options) {
  Target target = target_of(options, "lmtp-port");
  target.tls = false;
  return target;
}

void expect_items(std::uint64_t got, std::uint64_t wanted) {
  if (got != wanted) throw Failure(fmt::format("{} items, not {}", got, wanted));
}

}  // namespace

void run_phone_initial(const Options& options, Report& report) {
  const std::uint64_t messages = options.number("messages");
  Times times;
  for (std::uint64_t i = 0; i < options.number("repeat"); ++i) {
    SyncDevice phone(options, options.text("user"), device_name(options, i));
    phone.find_inbox();
    const auto start = Clock::now();
    expect_items(phone.sync_all(), messages);
    times.add(ms_since(start));
  }
  report.ms("all messages", times.median());
}

void run_phone_nochange(const Options& options, Report& report) {
  SyncDevice phone(options, options.text("user"), device_name(options, 0));
  phone.find_inbox();
  expect_items(phone.sync_all(), options.number("messages"));
  Times times;
  for (std::uint64_t i = 0; i < options.number("repeat"); ++i) {
    bool more = false;
    const auto start = Clock::now();
    expect_items(phone.sync(more), 0);
    times.add(ms_since(start));
  }
  report.ms("Sync p50", times.median());
  report.ms("Sync p99", times.percentile(0.99));
}

void run_phone_changes(const Options& options, Report& report) {
  SyncDevice phone(options, options.text("user"), device_name(options, 0));
  phone.find_inbox();
  const auto first = Clock::now();
  expect_items(phone.sync_all(), options.number("messages"));
  report.ms("first Sync", ms_since(first));
  Target imap_target = target_of(options, "imap-port");
  Imap imap(imap_target, login_of(options));
  imap.select("INBOX");
  Times times;
  for (std::uint64_t i = 0; i < options.number("repeat"); ++i) {
    imap.command(fmt::format("STORE 1:{} {}FLAGS.SILENT (\\Flagged)", kChanges, i % 2 == 0 ? '+' : '-'));
    bool more = false;
    const auto start = Clock::now();
    expect_items(phone.sync(more), kChanges);
    times.add(ms_since(start));
  }
  report.ms("Sync of 10 changes", times.median());
}

// One letter after the other, each to one of the accounts: all its phones must hear of it.
void run_phone_push(const Options& options, Report& report) {
  const std::uint64_t accounts = options.number("accounts");
  const auto phones = open_waiting_phones(options, options.number("connections"));
  Lmtp lmtp(lmtp_target(options));
  const Messages messages(Sizes::small, options.text("run"));
  std::this_thread::sleep_for(std::chrono::seconds(1));  // they all wait
  std::mt19937_64 random(5);
  Times times;
  for (std::uint64_t number = 0; number < options.number("count"); ++number) {
    const std::uint64_t account = random() % accounts;
    lmtp.deliver(numbered_account(options, account), messages.octets(number));
    const auto acknowledged = Clock::now();
    for (std::uint64_t i = account; i < phones.size(); i += accounts) {
      phones[i]->finish_ping();
      times.add(ms_since(acknowledged));
    }
    for (std::uint64_t i = account; i < phones.size(); i += accounts) {
      expect_items(phones[i]->sync_all(), 1);
      phones[i]->start_ping();
    }
    std::this_thread::sleep_for(kBetweenPushes);
  }
  report.ms("250 to Ping's answer p50", times.median());
  report.ms("250 to Ping's answer p99", times.percentile(0.99));
}

void run_phone_idle(const Options& options, Report&) {
  const auto phones = open_waiting_phones(options, options.number("connections"));
  tell_ready("");
  // They do wait: a letter is told to all phones of its account.
  Lmtp lmtp(lmtp_target(options));
  lmtp.deliver(numbered_account(options, 0), Messages(Sizes::small, options.text("run")).octets(0));
  for (std::size_t i = 0; i < phones.size(); i += options.number("accounts")) phones[i]->finish_ping();
}

}  // namespace postern::bench
