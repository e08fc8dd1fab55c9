// A Store on a fresh database for each test, and a way to wait for its tasks from plain test code.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/async/task_scope.h"
#include "storage/postgres/database.h"
#include "storage/postgres/open_store.h"
#include "tests/support/test_cluster.h"

namespace postern::tests {

class StoreFixture : public testing::Test {
 protected:
  StoreFixture() : conninfo_(TestCluster::get().fresh_database()) {}

  void SetUp() override {
    store_ = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
    database_ = std::make_unique<postgres::Database>(loop_, conninfo_, settings_.database, Log::silent());
  }

  void TearDown() override {
    await(store_->close());
    await(database_->close());
    store_.reset();
    database_.reset();
  }

  template <class T>
  T await(Task<T> task) {
    std::vector<Task<T>> tasks;
    tasks.push_back(std::move(task));
    return std::move(await_all(std::move(tasks)).front());
  }

  void await(Task<void> task) { await(to_value(std::move(task))); }

  // Side by side, results in order.
  template <class T>
  std::vector<T> await_all(std::vector<Task<T>> tasks) {
    std::vector<std::optional<T>> results(tasks.size());
    {
      TaskScope scope(loop_, [](std::exception_ptr bug) { std::rethrow_exception(bug); });
      for (std::size_t i = 0; i < tasks.size(); ++i)
        scope.start(collect(std::move(tasks[i]), results[i], loop_));
      while (scope.running() > 0) loop_.run();
    }
    std::vector<T> values;
    for (std::optional<T>& result : results) values.push_back(*std::move(result));
    return values;
  }

  // Straight to the tables, for what no verb of the store can set up or show.
  postgres::Rows sql(const postgres::Statement& statement, postgres::Params params) {
    auto rows = await(database_->query(postgres::Lane::write, statement, std::move(params)));
    EXPECT_TRUE(rows) << statement.name << ": " << rows.error().detail;
    return rows ? *std::move(rows) : postgres::Rows();
  }

  Settings settings_;
  const std::string conninfo_;
  Clock clock_;
  Loop loop_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<postgres::Database> database_;

 private:
  template <class T>
  static Task<void> collect(Task<T> task, std::optional<T>& result, Loop& loop) {
    T value = co_await std::move(task);
    result.emplace(std::move(value));
    loop.stop();
  }
  static Task<bool> to_value(Task<void> task) {
    co_await std::move(task);
    co_return true;
  }
};

}  // namespace postern::tests
