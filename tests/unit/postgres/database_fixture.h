// A Database on a fresh, empty database of the test cluster, and blocking forms of its calls.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task_scope.h"
#include "storage/postgres/database.h"
#include "tests/support/test_cluster.h"

namespace postern::postgres {

template <class T>
Task<void> keep(Task<T> task, std::optional<T>& out) {
  Task<T> own = std::move(task);
  out.emplace(co_await std::move(own));
}

// $1::bigint
inline Params number_param(std::int64_t number) {
  return Params(number);
}

class DatabaseFixture : public ::testing::Test {
 protected:
  DatabaseFixture() {
    settings_.queue_wait_limit_s = 3;
    conninfo_ = tests::TestCluster::get().empty_database();
  }
  ~DatabaseFixture() override { close(); }

  Database& database() {
    if (!database_) database_ = std::make_unique<Database>(loop_, conninfo_, settings_, Log::silent());
    return *database_;
  }
  void close() {
    if (!database_) return;
    scope_.start(database_->close());
    while (scope_.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
    database_.reset();
  }

  // Turns the loop until the task has ended.
  template <class T>
  T wait(Task<T> task) {
    std::optional<T> out;
    scope_.start(keep(std::move(task), out));
    while (!out) uv_run(loop_.raw(), UV_RUN_ONCE);
    return std::move(*out);
  }
  template <class Done>
  void turn_until(Done done) {
    Timer tick(loop_, [&] { tick.start(Milliseconds(5)); });
    tick.start(Milliseconds(5));
    while (!done()) uv_run(loop_.raw(), UV_RUN_ONCE);
  }

  Result<Rows> query(Lane lane, const Statement& statement, Params params) {
    return wait(database().query(lane, statement, std::move(params)));
  }
  void execute(const std::string& sql) {
    const Statement statement{"", sql.c_str()};
    must(query(Lane::write, statement, Params()));
  }
  std::int64_t number(const std::string& sql) {
    const Statement statement{"", sql.c_str()};
    return must(query(Lane::read, statement, Params()))[0].get<std::int64_t>(0);
  }

  template <class T>
  static T must(Result<T> result) {
    if (!result) {
      throw std::runtime_error(std::string(name_of(result.error().kind)) + ": " + result.error().detail);
    }
    return *std::move(result);
  }

  Loop loop_;
  DatabaseSettings settings_;
  std::string conninfo_;
  std::unique_ptr<Database> database_;
  TaskScope scope_{loop_};
};

}  // namespace postern::postgres
