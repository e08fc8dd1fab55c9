// Database when the server goes away: what was done is certain or in doubt, and service comes back by itself.
#include <gtest/gtest.h>
#include <signal.h>

#include <set>

#include "tests/unit/postgres/database_fixture.h"

namespace postern::postgres {
namespace {

constexpr Statement kEcho{"echo", "SELECT $1::bigint"};
constexpr Statement kInsert{"insert_t", "INSERT INTO t VALUES ($1::bigint)"};
constexpr Statement kKillOthers{"kill_others", R"sql(
  SELECT count(pg_terminate_backend(pid))::bigint FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid())sql"};

Task<void> close_and_tell(Database& database, bool& closed) {
  co_await database.close();
  closed = true;
}

class Faults : public DatabaseFixture {
 protected:
  Faults() { settings_.queue_wait_limit_s = 20; }

  // A second Database, to look and to do harm from outside.
  Rows outside(const Statement& statement) {
    Database other(loop_, conninfo_, settings_, Log::silent());
    Rows rows = must(wait(other.query(Lane::read, statement, Params())));
    bool closed = false;
    scope_.start(close_and_tell(other, closed));
    turn_until([&] { return closed; });
    return rows;
  }
  std::int64_t outside_number(const char* sql) {
    const Statement statement{"", sql};
    return outside(statement)[0].get<std::int64_t>(0);
  }
};

TEST_F(Faults, KilledWhileIdleIsNotNoticed) {
  execute("CREATE TABLE t (n bigint)");
  EXPECT_EQ(number("SELECT 5::bigint"), 5);
  EXPECT_GE(outside(kKillOthers)[0].get<std::int64_t>(0), 2);
  // Whether the end has been seen or not, a read is repeated.
  EXPECT_EQ(number("SELECT 6::bigint"), 6);
  // A change is repeated only when it was certainly not begun.
  const auto inserted = query(Lane::write, kInsert, number_param(1));
  EXPECT_TRUE(inserted || inserted.error().kind == ErrorKind::closed);
  EXPECT_TRUE(query(Lane::write, kInsert, number_param(2)));
}

TEST_F(Faults, KilledInsideAUnit) {
  execute("CREATE TABLE t (n bigint)");
  constexpr Statement kSlow{"slow_insert", "INSERT INTO t SELECT 1 FROM pg_sleep(30)"};
  constexpr Statement kSlowRead{"slow_read", R"sql(
    SELECT 7::bigint FROM (SELECT pg_sleep(CASE WHEN count(*) = 0 THEN 30 ELSE 0 END) FROM t) AS pause)sql"};
  std::optional<Result<Rows>> write;
  std::optional<Result<Rows>> read;
  scope_.start(keep(database().query(Lane::write, kSlow, Params()), write));
  scope_.start(keep(database().query(Lane::read, kSlowRead, Params()), read));
  const char* both_sleep = R"sql(SELECT count(*)::bigint FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'PgSleep')sql";
  while (outside_number(both_sleep) < 2) continue;
  const Statement fill{"", "INSERT INTO t VALUES (0)"};
  must(query(Lane::write, fill, Params()));
  outside(kKillOthers);
  turn_until([&] { return read && write; });
  EXPECT_EQ(write->error().kind, ErrorKind::closed);
  EXPECT_EQ(must(std::move(*read))[0].get<std::int64_t>(0), 7);
  EXPECT_EQ(number("SELECT count(*)::bigint FROM t"), 1);
}

TEST_F(Faults, KilledInsideATransactionIsCertain) {
  execute("CREATE TABLE t (n bigint)");
  Transaction transaction = must(wait(database().begin()));
  must(wait(transaction.query(kInsert, number_param(1))));
  outside(kKillOthers);
  const auto next = wait(transaction.query(kInsert, number_param(2)));
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().kind, ErrorKind::unavailable);
  EXPECT_FALSE(wait(transaction.commit()));
  EXPECT_EQ(number("SELECT count(*)::bigint FROM t"), 0);
}

struct Ledger {
  std::set<std::int64_t> done;
  std::set<std::int64_t> doubtful;
  std::set<std::int64_t> refused;
  int wrong = 0;
  bool stop = false;
};

Task<void> write_on(Database& database, std::int64_t first, Ledger& ledger) {
  for (std::int64_t n = first; !ledger.stop; ++n) {
    const Result<Rows> inserted = co_await database.query(Lane::write, kInsert, Params(n));
    if (inserted)
      ledger.done.insert(n);
    else if (inserted.error().kind == ErrorKind::closed)
      ledger.doubtful.insert(n);
    else if (inserted.error().kind == ErrorKind::unavailable)
      ledger.refused.insert(n);
    else
      ++ledger.wrong;
  }
}

class Restarts : public Faults {
 protected:
  void SetUp() override {
    if (tests::TestCluster::get().postmaster_pid() == 0) GTEST_SKIP() << "the server is not ours to stop";
  }
  void begin_writing() {
    execute("CREATE TABLE t (n bigint PRIMARY KEY)");
    for (std::int64_t i = 1; i <= 16; ++i) scope_.start(write_on(database(), i * 10'000'000, ledger_));
    turn_until([&] { return ledger_.done.size() > 200; });
  }
  // Service is back, and everything is as it was told.
  void check() {
    const std::size_t before = ledger_.done.size();
    turn_until([&] { return ledger_.done.size() > before + 200; });
    ledger_.stop = true;
    turn_until([&] { return scope_.running() == 0; });
    constexpr Statement kAll{"all_t", "SELECT array_agg(n) FROM t"};
    const Rows rows = must(query(Lane::read, kAll, Params()));
    const auto stored = rows[0].get<std::vector<std::int64_t>>(0);
    const std::set<std::int64_t> present(stored.begin(), stored.end());
    for (const std::int64_t n : ledger_.done) EXPECT_TRUE(present.contains(n)) << n;
    for (const std::int64_t n : ledger_.refused) EXPECT_FALSE(present.contains(n)) << n;
    EXPECT_EQ(ledger_.wrong, 0);
  }
  Ledger ledger_;
};

TEST_F(Restarts, FastStopAndStart) {
  begin_writing();
  auto& cluster = tests::TestCluster::get();
  cluster.stop("fast");
  cluster.start();
  check();
}

TEST_F(Restarts, ImmediateStopAndStart) {
  begin_writing();
  auto& cluster = tests::TestCluster::get();
  cluster.stop("immediate");
  cluster.start();
  check();
}

TEST_F(Restarts, KillNineOfABackend) {
  begin_writing();
  constexpr Statement kPid{"a_backend", R"sql(
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1)sql"};
  const int pid = must(query(Lane::read, kPid, Params()))[0].get<std::int32_t>(0);
  ASSERT_EQ(kill(pid, SIGKILL), 0);
  const std::size_t before = ledger_.done.size() + ledger_.doubtful.size() + ledger_.refused.size();
  turn_until(
      [&] { return ledger_.done.size() + ledger_.doubtful.size() + ledger_.refused.size() > before + 16; });
  check();
}

TEST_F(Faults, NothingReachableIsUnavailableAfterTheWait) {
  settings_.queue_wait_limit_s = 1;
  conninfo_ = "host=/nonexistent user=postern dbname=none";
  const auto refused = query(Lane::read, kEcho, number_param(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(wait(database().begin()).error().kind, ErrorKind::unavailable);
}

TEST_F(Faults, AConnectionStringThatCannotBeReadIsUnavailable) {
  settings_.queue_wait_limit_s = 1;
  conninfo_ = "no such = 'thing";
  EXPECT_EQ(query(Lane::read, kEcho, number_param(1)).error().kind, ErrorKind::unavailable);
}

TEST_F(Faults, SynchronousCommitOffIsRefused) {
  settings_.queue_wait_limit_s = 1;
  conninfo_ += " options='-c synchronous_commit=off'";
  const auto refused = query(Lane::write, kEcho, number_param(1));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("synchronous_commit"), std::string::npos) << refused.error().detail;
}

TEST_F(Faults, AWarningWhileCommittingIsInDoubt) {
  execute("CREATE TABLE t (n bigint)");
  execute(
      "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS "
      "$$BEGIN RAISE WARNING 'not on the standby'; RETURN NULL; END$$");
  execute(
      "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION warn()");
  EXPECT_EQ(query(Lane::write, kInsert, number_param(1)).error().kind, ErrorKind::closed);
  Transaction transaction = must(wait(database().begin()));
  must(wait(transaction.query(kInsert, number_param(2))));
  EXPECT_EQ(wait(transaction.commit()).error().kind, ErrorKind::closed);
}

TEST_F(Faults, AServerThatStopsAnsweringIsGivenUp) {
  settings_.statement_timeout_s = 1;
  settings_.network_timeout_s = 1;
  execute("CREATE TABLE t (n bigint)");
  constexpr Statement kPid{"my_pid", "SELECT pg_backend_pid()"};
  settings_.write_connections = 1;
  close();
  const int pid = must(query(Lane::write, kPid, Params()))[0].get<std::int32_t>(0);
  ASSERT_EQ(kill(pid, SIGSTOP), 0);
  const auto answer = query(Lane::write, kInsert, number_param(1));
  kill(pid, SIGCONT);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), Error(ErrorKind::closed, "in doubt: no answer in time"));
  EXPECT_TRUE(query(Lane::write, kInsert, number_param(2)));
}

}  // namespace
}  // namespace postern::postgres
