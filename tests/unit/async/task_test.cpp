// Task, TaskScope, Channel, Timer and in_worker: the house rules of waiting.
#include <gtest/gtest.h>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "gateway/async/turnstile.h"
#include "gateway/async/worker.h"
#include "gateway/base/result.h"

namespace postern {
namespace {

using namespace std::chrono_literals;

Task<int> at_once(int value) {
  co_return value;
}

Task<void> sum_many(int times, std::int64_t& sum) {
  for (int i = 0; i < times; ++i) sum += co_await at_once(1);
}

TEST(Task, FiveMillionAwaitsThatFinishAtOnceStayFlat) {
  Loop loop;
  TaskScope scope(loop);
  std::int64_t sum = 0;
  scope.start(sum_many(5'000'000, sum));
  EXPECT_EQ(scope.running(), 0U);
  EXPECT_EQ(sum, 5'000'000);
}

Task<int> deep(Loop& loop, int depth) {
  if (depth == 0) {
    co_await sleep(loop, 1ms);
    co_return 0;
  }
  co_return 1 + co_await deep(loop, depth - 1);
}

Task<void> store_deep(Loop& loop, int& out) {
  out = co_await deep(loop, 1000);
}

TEST(Task, ResumesAThousandParents) {
  Loop loop;
  TaskScope scope(loop);
  int depth = 0;
  scope.start(store_deep(loop, depth));
  EXPECT_EQ(scope.running(), 1U);
  loop.run();
  EXPECT_EQ(depth, 1000);
}

Task<int> fails() {
  throw std::runtime_error("bug");
  co_return 0;
}
Task<void> awaits_failure() {
  co_await fails();
}

TEST(TaskScope, HearsOfABugAndGoesOn) {
  Loop loop;
  int bugs = 0;
  TaskScope scope(loop, [&](std::exception_ptr) { ++bugs; });
  scope.start(awaits_failure());
  EXPECT_EQ(bugs, 1);
  EXPECT_EQ(scope.running(), 0U);
}

Result<int> positive(int value) {
  if (value <= 0) return Error(ErrorKind::invalid, "not positive");
  return value;
}
Task<Result<int>> doubled(int value) {
  CO_TRY(int checked, positive(value));
  co_return checked * 2;
}
Task<void> store_doubled(int value, Result<int>& out) {
  out = co_await doubled(value);
}

TEST(Result, TryPassesTheErrorOn) {
  Loop loop;
  TaskScope scope(loop);
  Result<int> good = 0;
  Result<int> bad = 0;
  scope.start(store_doubled(4, good));
  scope.start(store_doubled(-4, bad));
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 8);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::invalid);
}

Task<void> receive_all(Channel<std::string>& channel, std::string& out) {
  while (true) {
    auto value = co_await channel.next();
    if (!value) co_return;
    out += *value;
  }
}

TEST(Channel, DeliversInOrderAndNeverInsideTheSender) {
  Loop loop;
  Channel<std::string> channel(loop);
  TaskScope scope(loop);
  std::string out;
  scope.start(receive_all(channel, out));
  channel.send("a");
  channel.send("b");
  EXPECT_EQ(out, "");
  channel.close();
  channel.send("dropped");
  loop.run();
  EXPECT_EQ(out, "ab");
  EXPECT_EQ(scope.running(), 0U);
}

Task<void> compute(Loop& loop, int& out) {
  int base = 20;
  auto work = [base] { return base + 1; };
  out = co_await in_worker(loop, std::move(work));
}

Task<void> pass_through(Turnstile& turnstile, Channel<bool>& leave, int number, std::vector<int>& inside) {
  Turnstile::Pass pass = co_await turnstile.enter();
  inside.push_back(number);
  co_await leave.next();
}

TEST(Turnstile, LetsSoManyInAtATimeAndTheOthersInTheirOrder) {
  Loop loop;
  Turnstile turnstile(loop, 2);
  std::vector<std::unique_ptr<Channel<bool>>> leave;
  std::vector<int> inside;
  TaskScope scope(loop);
  for (int i = 0; i < 4; ++i) {
    leave.push_back(std::make_unique<Channel<bool>>(loop));
    scope.start(pass_through(turnstile, *leave.back(), i, inside));
  }
  EXPECT_EQ(inside, (std::vector<int>{0, 1}));
  EXPECT_EQ(turnstile.waiting(), 2U);
  loop.post([&] { leave[1]->send(true); });
  Timer first(loop, [&] {
    EXPECT_EQ(inside, (std::vector<int>{0, 1, 2}));
    for (const auto& one : leave) one->send(true);
  });
  Timer second(loop, [&] { loop.stop(); });
  first.start(20ms);
  second.start(60ms);
  loop.run();
  EXPECT_EQ(inside, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(turnstile.waiting(), 0U);
  EXPECT_EQ(scope.running(), 0U);
}

TEST(Worker, ComesBackWithTheValue) {
  Loop loop;
  TaskScope scope(loop);
  int out = 0;
  scope.start(compute(loop, out));
  loop.run();
  EXPECT_EQ(out, 21);
}

Task<void> wait_for(TaskScope& scope, bool& ended) {
  co_await scope.drained();
  ended = true;
}

TEST(TaskScope, DrainedWaitsForAll) {
  Loop loop;
  TaskScope workers(loop);
  TaskScope scope(loop);
  bool ended = false;
  workers.start(sleep(loop, 1ms));
  workers.start(sleep(loop, 5ms));
  scope.start(wait_for(workers, ended));
  EXPECT_FALSE(ended);
  loop.run();
  EXPECT_TRUE(ended);
}

TEST(Timer, RestartReplacesAndStopCancels) {
  Loop loop;
  int calls = 0;
  Timer timer(loop, [&] { ++calls; });
  timer.start(1h);
  timer.start(1ms);
  Timer stopped(loop, [&] { calls += 100; });
  stopped.start(1ms);
  stopped.stop();
  loop.run();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace postern
