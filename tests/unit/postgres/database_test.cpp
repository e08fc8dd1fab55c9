// Database on a healthy server: order, atomicity, kinds of errors, transactions, waiting.
#include "storage/postgres/database.h"

#include <gtest/gtest.h>

#include "tests/unit/postgres/database_fixture.h"

namespace postern::postgres {
namespace {

constexpr Statement kEcho{"echo", "SELECT $1::bigint"};
constexpr Statement kInsert{"insert_t", "INSERT INTO t VALUES ($1::bigint)"};

class Queries : public DatabaseFixture {};

Task<void> echo_all(Database& database, std::int64_t first, std::int64_t count, std::int64_t& right) {
  for (std::int64_t i = first; i < first + count; ++i) {
    const Result<Rows> rows = co_await database.query(Lane::read, kEcho, Params(i));
    if (rows && (*rows)[0].get<std::int64_t>(0) == i) ++right;
  }
}

TEST_F(Queries, TenThousandOverOneConnection) {
  settings_.read_connections = 1;
  std::int64_t right = 0;
  for (int i = 0; i < 100; ++i) scope_.start(echo_all(database(), i * 100, 100, right));
  turn_until([&] { return scope_.running() == 0; });
  EXPECT_EQ(right, 10000);
  EXPECT_EQ(number("SELECT count(*)::bigint FROM pg_stat_activity "
                   "WHERE datname = current_database() AND backend_type = 'client backend'"),
            1);
}

TEST_F(Queries, UnitsOfOneConnectionKeepTheirOrder) {
  settings_.write_connections = 1;
  execute("CREATE TABLE t (n bigint, seen_at bigint GENERATED ALWAYS AS IDENTITY)");
  constexpr Statement kOrdered{"insert_ordered", "INSERT INTO t (n) VALUES ($1::bigint)"};
  std::vector<std::optional<Result<Rows>>> done(500);
  for (std::int64_t i = 0; i < 500; ++i) {
    scope_.start(keep(database().query(Lane::write, kOrdered, Params(i)), done[static_cast<std::size_t>(i)]));
  }
  turn_until([&] { return scope_.running() == 0; });
  EXPECT_EQ(number("SELECT count(*)::bigint FROM t WHERE n + 1 = seen_at"), 500);
}

TEST_F(Queries, AnErrorInABatchUndoesAllOfIt) {
  execute("CREATE TABLE t (n bigint CONSTRAINT t_once UNIQUE)");
  std::vector<Query> queries;
  for (const std::int64_t n : {1, 2, 1}) queries.emplace_back(kInsert, Params(n));
  const auto failed = wait(database().batch(Lane::write, std::move(queries)));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), Error(ErrorKind::already_exists, "t_once"));
  EXPECT_EQ(number("SELECT count(*)::bigint FROM t"), 0);

  std::vector<Query> good;
  for (const std::int64_t n : {1, 2, 3}) good.emplace_back(kInsert, Params(n));
  const auto rows = must(wait(database().batch(Lane::write, std::move(good))));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].affected(), 1U);
  EXPECT_EQ(number("SELECT count(*)::bigint FROM t"), 3);
}

TEST_F(Queries, AFailedBatchDoesNotSpoilTheStatementsThatOthersPrepareAfterIt) {
  settings_.write_connections = 1;
  execute("CREATE TABLE t (n bigint UNIQUE)");
  constexpr Statement kFails{"fails_first", "SELECT 1 / $1::bigint"};
  constexpr Statement kLater{"prepared_later", "INSERT INTO t VALUES ($1::bigint)"};
  std::vector<Query> queries;
  queries.emplace_back(kFails, number_param(0));
  queries.emplace_back(kLater, number_param(1));
  std::optional<Result<std::vector<Rows>>> first;
  std::optional<Result<Rows>> second;
  scope_.start(keep(database().batch(Lane::write, std::move(queries)), first));
  scope_.start(keep(database().query(Lane::write, kLater, number_param(2)), second));
  turn_until([&] { return first && second; });
  EXPECT_EQ(first->error().kind, ErrorKind::internal);
  EXPECT_TRUE(*second);
  EXPECT_EQ(number("SELECT sum(n)::bigint FROM t"), 2);
}

struct Refusal {
  const char* sql;
  Error expected;
};

TEST_F(Queries, ConstraintsAreNamed) {
  execute("CREATE TABLE parent (n bigint PRIMARY KEY)");
  execute(
      "CREATE TABLE t (n bigint CONSTRAINT t_positive CHECK (n > 0), "
      "p bigint CONSTRAINT t_parent REFERENCES parent, "
      "d bigint CONSTRAINT t_late REFERENCES parent DEFERRABLE INITIALLY DEFERRED)");
  const Refusal refusals[] = {
      {"INSERT INTO t VALUES (0)", Error(ErrorKind::invalid, "t_positive")},
      {"INSERT INTO t VALUES (1, 5)", Error(ErrorKind::invalid, "t_parent")},
      // Found out only when the unit commits.
      {"INSERT INTO t VALUES (1, NULL, 5)", Error(ErrorKind::invalid, "t_late")},
  };
  for (const Refusal& refusal : refusals) {
    const Statement statement{"", refusal.sql};
    const auto answer = query(Lane::write, statement, Params());
    ASSERT_FALSE(answer) << refusal.sql;
    EXPECT_EQ(answer.error(), refusal.expected) << refusal.sql;
  }
  EXPECT_EQ(number("SELECT count(*)::bigint FROM t"), 0);
}

TEST_F(Queries, TextThatNoColumnCanHoldIsInvalid) {
  constexpr Statement kText{"echo_text", "SELECT $1::text"};
  EXPECT_EQ(query(Lane::read, kText, Params(std::string("a\0b", 3))).error().kind, ErrorKind::invalid);
  EXPECT_EQ(query(Lane::read, kText, Params("\xff")).error().kind, ErrorKind::invalid);
}

TEST_F(Queries, StatementAndLockTimeoutsAreTimedOut) {
  settings_.statement_timeout_s = 1;
  constexpr Statement kSleep{"sleep", "SELECT pg_sleep(20)"};
  EXPECT_EQ(query(Lane::write, kSleep, Params()).error().kind, ErrorKind::timed_out);
  close();
  settings_.statement_timeout_s = 60;
  settings_.lock_timeout_s = 1;
  execute("CREATE TABLE t (n bigint)");
  Transaction holder = must(wait(database().begin()));
  constexpr Statement kLock{"lock_t", "LOCK TABLE t"};
  must(wait(holder.query(kLock, Params())));
  EXPECT_EQ(query(Lane::write, kInsert, number_param(1)).error().kind, ErrorKind::timed_out);
}

TEST_F(Queries, ABrokenStatementIsInternal) {
  constexpr Statement kBroken{"broken", "SELECT no_such_column"};
  EXPECT_EQ(query(Lane::read, kBroken, Params()).error().kind, ErrorKind::internal);
  EXPECT_EQ(must(query(Lane::read, kEcho, number_param(7)))[0].get<std::int64_t>(0), 7);
}

TEST_F(Queries, TwoTextsUnderOneNameBothRun) {
  constexpr Statement kOne{"same_name", "SELECT 1::bigint"};
  constexpr Statement kTwo{"same_name", "SELECT 2::bigint"};
  settings_.read_connections = 1;
  EXPECT_EQ(must(query(Lane::read, kOne, Params()))[0].get<std::int64_t>(0), 1);
  EXPECT_EQ(must(query(Lane::read, kTwo, Params()))[0].get<std::int64_t>(0), 2);
}

TEST_F(Queries, LargeParametersAndResultsFlowBothWaysAtOnce) {
  settings_.bulk_connections = 1;
  const std::string octets(4 << 20, 'x');
  constexpr Statement kBoth{"echo_large", "SELECT $1::bytea"};
  std::vector<std::optional<Result<Rows>>> done(16);
  for (auto& each : done)
    scope_.start(keep(database().query(Lane::bulk, kBoth, Params(Bytes{octets})), each));
  turn_until([&] { return scope_.running() == 0; });
  for (auto& each : done) EXPECT_EQ(must(std::move(*each))[0].get<std::string_view>(0), octets);
}

class Transactions : public DatabaseFixture {
 protected:
  Transactions() { execute("CREATE TABLE t (n bigint UNIQUE)"); }
  std::int64_t count() { return number("SELECT count(*)::bigint FROM t"); }
};

TEST_F(Transactions, SeveralRoundTripsCommitTogether) {
  Transaction transaction = must(wait(database().begin()));
  must(wait(transaction.query(kInsert, number_param(1))));
  must(wait(transaction.query(kInsert, number_param(2))));
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(wait(transaction.commit()));
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(wait(transaction.commit()).error().kind, ErrorKind::internal);
}

TEST_F(Transactions, DroppedUnfinishedIsRolledBackBeforeReuse) {
  settings_.write_connections = 1;
  close();
  {
    Transaction transaction = must(wait(database().begin()));
    must(wait(transaction.query(kInsert, number_param(1))));
  }
  // The only connection of its kind: clean, and the same one.
  Transaction next = must(wait(database().begin()));
  must(wait(next.query(kInsert, number_param(1))));
  EXPECT_TRUE(wait(next.commit()));
  EXPECT_EQ(count(), 1);
}

TEST_F(Transactions, AFailedOneCannotBeCommitted) {
  Transaction transaction = must(wait(database().begin()));
  must(wait(transaction.query(kInsert, number_param(1))));
  EXPECT_EQ(wait(transaction.query(kInsert, number_param(1))).error().kind, ErrorKind::already_exists);
  EXPECT_EQ(wait(transaction.query(kInsert, number_param(2))).error().kind, ErrorKind::internal);
  EXPECT_EQ(wait(transaction.commit()).error().kind, ErrorKind::internal);
  EXPECT_EQ(count(), 0);
}

TEST_F(Transactions, ExhaustedLeasesAreUnavailableAfterTheWait) {
  settings_.write_connections = 1;
  settings_.queue_wait_limit_s = 1;
  close();
  std::optional<Transaction> holder = must(wait(database().begin()));
  const auto refused = wait(database().begin());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), Error(ErrorKind::unavailable, "no free connection in time"));
  // Whoever holds the last one can still read and write.
  EXPECT_TRUE(query(Lane::write, kInsert, number_param(1)));
  holder.reset();
  EXPECT_TRUE(wait(database().begin()));
}

TEST_F(Transactions, AWaitingLeaseIsServedWhenOneComesBack) {
  settings_.write_connections = 1;
  close();
  std::optional<Transaction> holder = must(wait(database().begin()));
  must(wait(holder->query(kInsert, number_param(1))));
  std::optional<Result<Transaction>> next;
  scope_.start(keep(database().begin(), next));
  EXPECT_FALSE(next);
  holder.reset();
  turn_until([&] { return next.has_value(); });
  EXPECT_TRUE(*next);
  EXPECT_EQ(count(), 0);
}

TEST_F(Transactions, TheQueueIsBounded) {
  settings_.write_connections = 1;
  settings_.queue_max = 3;
  close();
  Transaction holder = must(wait(database().begin()));
  std::vector<std::optional<Result<Transaction>>> waiting(4);
  for (auto& each : waiting) scope_.start(keep(database().begin(), each));
  turn_until([&] { return waiting[3].has_value(); });
  EXPECT_EQ(waiting[3]->error(), Error(ErrorKind::unavailable, "queue is full"));
  EXPECT_FALSE(waiting[0]);
  turn_until([&] { return scope_.running() == 0; });
  EXPECT_EQ(waiting[0]->error().kind, ErrorKind::unavailable);
}

Task<void> lock_both(Database& database, std::int64_t first, std::int64_t second, int& good) {
  std::vector<Query> queries;
  constexpr static Statement kLock{"lock_row", "UPDATE t SET n = n WHERE n = $1::bigint"};
  constexpr static Statement kPause{"pause", "SELECT pg_sleep(0.05)"};
  queries.emplace_back(kLock, Params(first));
  queries.emplace_back(kPause, Params());
  queries.emplace_back(kLock, Params(second));
  const auto done = co_await database.batch(Lane::write, std::move(queries));
  if (done) ++good;
}

TEST_F(Transactions, DeadlocksAreTriedAgainInside) {
  execute("INSERT INTO t VALUES (1), (2)");
  int good = 0;
  for (int i = 0; i < 4; ++i) scope_.start(lock_both(database(), i % 2 + 1, 2 - i % 2, good));
  turn_until([&] { return scope_.running() == 0; });
  EXPECT_EQ(good, 4);
}

}  // namespace
}  // namespace postern::postgres
