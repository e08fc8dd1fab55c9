// What goes wrong does not spread and is not counted twice: batches with a guilty member (law 4), connections
// that break while a write is under way (laws 3, 5).
#include <map>

#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Lane;
using postgres::Params;
using postgres::Statement;

class MessageFaults : public MessageFixture {
 protected:
  MessageFaults() { settings_.database.write_connections = 1; }  // what waits is committed together
};

TEST_F(MessageFaults, OnlyTheGuiltyOneOfABatchFails) {
  AccountLimits limits;
  limits.quota_octets = 1;
  const AccountId full = must(try_create("full@example.test", limits)).id;
  const AccountId gone = create("gone@example.test").id;
  must(await(directory().delete_account(gone)));
  make("Removed");
  const MailboxKey removed = find("Removed").key;
  must(await(mailboxes().remove(alice_, name("Removed"), Door::imap)));
  const AccountId carol = create("carol@example.test").id;

  std::vector<Task<Result<Appended>>> tasks;
  std::vector<std::optional<ErrorKind>> expected;
  for (int i = 0; i < 12; ++i) {
    const std::string octets = letter(std::to_string(i));
    tasks.push_back(deliver(messages(), alice_, octets));
    expected.push_back(std::nullopt);
    tasks.push_back(deliver(messages(), full, octets));
    expected.push_back(ErrorKind::over_quota);
    tasks.push_back(deliver(messages(), carol, octets));
    expected.push_back(std::nullopt);
    tasks.push_back(deliver(messages(), gone, octets));
    expected.push_back(ErrorKind::not_found);
    tasks.push_back(append(messages(), removed, octets, NewMessage()));
    expected.push_back(ErrorKind::not_found);
  }
  const auto results = await_all(std::move(tasks));
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(refusal(results[i]), expected[i]) << i;
  EXPECT_EQ(status(inbox_).messages, 12u);
  EXPECT_EQ(status(inbox_).uid_next, Uid(13));
  for (const AccountId account : {full, carol}) expect_no_drift(account);
}

TEST_F(MessageFaults, TooManyWaitingAreRefusedForNow) {
  settings_.database.queue_max = 4;
  await(store_->close());
  store_ = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  std::vector<Task<Result<Appended>>> tasks;
  for (int i = 0; i < 30; ++i) tasks.push_back(deliver(messages(), alice_, letter(std::to_string(i))));
  std::size_t stored = 0;
  for (const auto& result : await_all(std::move(tasks))) {
    if (result) ++stored;
    EXPECT_EQ(refusal(result).value_or(ErrorKind::unavailable), ErrorKind::unavailable);
  }
  EXPECT_GE(stored, 5u);
  EXPECT_LT(stored, 30u);
  EXPECT_EQ(status(inbox_).messages, stored);
}

// --- broken connections
// ---------------------------------------------------------------------------------------

constexpr Statement kBreakAll{"test_break_all", R"sql(
  SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')sql"};

class BrokenConnections : public MessageFaults {
 protected:
  // Runs the tasks while all connections are broken again and again.
  template <class T>
  std::vector<T> await_among_breaks(std::vector<Task<T>> tasks) {
    std::vector<Task<bool>> all;
    std::vector<std::optional<T>> results(tasks.size());
    std::size_t left = tasks.size();
    for (std::size_t i = 0; i < tasks.size(); ++i) all.push_back(keep(std::move(tasks[i]), results[i], left));
    all.push_back(break_until(*database_, loop_, left));
    await_all(std::move(all));
    std::vector<T> values;
    for (auto& result : results) values.push_back(*std::move(result));
    return values;
  }

 private:
  template <class T>
  static Task<bool> keep(Task<T> task, std::optional<T>& result, std::size_t& left) {
    T value = co_await std::move(task);
    result.emplace(std::move(value));
    --left;
    co_return true;
  }
  static Task<bool> break_until(postgres::Database& database, Loop& loop, const std::size_t& left) {
    for (int round = 0; left > 0; ++round) {
      Params none;
      auto ignored = co_await database.query(Lane::read, kBreakAll, std::move(none));
      // Quicker than a reconnect at times, and slow enough for progress at others.
      co_await sleep(loop, Milliseconds(3 + round % 7 * 8));
    }
    co_return true;
  }
};

// As an MTA does: the same delivery again until it is acknowledged.
Task<Result<Appended>> deliver_until_taken(Loop& loop, MessageStore& messages, AccountId account,
                                           std::string octets) {
  for (;;) {
    auto result = co_await deliver(messages, account, octets);
    if (result || result.error().kind != ErrorKind::unavailable) co_return result;
    co_await sleep(loop, Milliseconds(5));
  }
}

Task<Result<Appended>> deliver_in_turn(Loop& loop, MessageStore& messages, AccountId account, int first,
                                       int count) {
  Appended last;
  for (int i = first; i < first + count; ++i) {
    CO_TRY(last, co_await deliver_until_taken(loop, messages, account, letter("turn " + std::to_string(i))));
  }
  co_return last;
}

TEST_F(BrokenConnections, EveryDeliveryIsThereExactlyOnce) {
  const AccountId carol = create("carol@example.test").id;
  std::vector<Task<Result<Appended>>> tasks;
  constexpr int kEach = 25;
  for (int i = 0; i < 8; ++i) {
    tasks.push_back(deliver_in_turn(loop_, messages(), i % 2 == 0 ? alice_ : carol, i * kEach, kEach));
  }
  for (auto& result : await_among_breaks(std::move(tasks))) must(std::move(result));
  const MailboxKey carols = must(await(mailboxes().find(carol, MailboxName::inbox()))).key;
  std::map<std::string, int> seen;
  for (const MailboxKey& key : {inbox_, carols}) {
    const SnapshotPtr now = snapshot(key);
    for (std::size_t i = 0; i < now->size(); ++i) ++seen[content(key, now->at(i).uid)];
  }
  EXPECT_EQ(seen.size(), 8u * kEach);
  for (const auto& [octets, times] : seen) EXPECT_EQ(times, 1) << octets;
  expect_no_drift(carol);
}

Task<Result<bool>> move_one(Loop& loop, MessageStore& messages, MailboxKey from, Uid uid, MailboxKey to) {
  for (;;) {
    auto moved = co_await messages.move(from, UidSet::one(uid), to);
    if (moved) co_return true;
    if (moved.error().kind != ErrorKind::unavailable) co_return moved.error();
    co_await sleep(loop, Milliseconds(5));
  }
}

TEST_F(BrokenConnections, AMovedMessageIsInOneOfBothPlaces) {
  constexpr int kCount = 60;
  fill_with_mail(inbox_, kCount);
  const MailboxKey target = make("Target").key;
  std::vector<Task<Result<bool>>> tasks;
  for (std::uint32_t uid = 1; uid <= kCount; ++uid) {
    tasks.push_back(move_one(loop_, messages(), inbox_, Uid(uid), target));
  }
  for (auto& result : await_among_breaks(std::move(tasks))) must(std::move(result));
  EXPECT_EQ(snapshot(inbox_)->size(), 0u);
  EXPECT_EQ(snapshot(target)->size(), static_cast<std::size_t>(kCount));
  std::map<std::string, int> seen;
  for (std::uint32_t uid = 1; uid <= kCount; ++uid) ++seen[content(target, Uid(uid))];
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kCount));
}

Task<Result<bool>> flag_one(Loop& loop, MessageStore& messages, MailboxKey key, Uid uid) {
  FlagChange change;
  change.mode = FlagChangeMode::add;
  change.flags = flags({SystemFlag::deleted}, {"k"});
  for (;;) {
    const FlagChange asked = change;
    auto stored = co_await messages.store_flags(key, UidSet::one(uid), asked, std::nullopt);
    if (stored) co_return stored->changed.contains(uid) || stored->unchanged.contains(uid);
    if (stored.error().kind != ErrorKind::unavailable) co_return stored.error();
    co_await sleep(loop, Milliseconds(5));
  }
}

TEST_F(BrokenConnections, FlagsAndExpungesHold) {
  constexpr int kCount = 60;
  fill_with_mail(inbox_, kCount);
  std::vector<Task<Result<bool>>> tasks;
  for (std::uint32_t uid = 1; uid <= kCount; ++uid)
    tasks.push_back(flag_one(loop_, messages(), inbox_, Uid(uid)));
  for (auto& result : await_among_breaks(std::move(tasks))) EXPECT_TRUE(must(std::move(result)));
  EXPECT_EQ(status(inbox_).deleted, static_cast<std::uint64_t>(kCount));
  const auto expunged = must(await(messages().expunge(inbox_, UidSet::all(), Door::imap)));
  EXPECT_EQ(expunged.uids.size(), static_cast<std::uint64_t>(kCount));
}

}  // namespace
}  // namespace postern::tests
