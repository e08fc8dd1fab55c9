#include "gateway/async/loop.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "gateway/async/poll_watch.h"
#include "gateway/async/task_scope.h"
#include "gateway/async/worker.h"

namespace postern {
namespace {

TEST(Loop, PostRunsLaterInOrder) {
  Loop loop;
  std::vector<int> order;
  loop.post([&] {
    order.push_back(1);
    loop.post([&] { order.push_back(3); });
  });
  loop.post([&] { order.push_back(2); });
  EXPECT_TRUE(order.empty());
  loop.run();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Loop, WritingToAPeerThatLeftIsNoSignal) {
  Loop loop;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

TEST(Timer, MayBeDestroyedByItsOwnCallback) {
  Loop loop;
  std::unique_ptr<Timer> timer;
  int fired = 0;
  timer = std::make_unique<Timer>(loop, [&] {
    ++fired;
    timer.reset();
  });
  timer->start(Milliseconds(1));
  loop.run();
  EXPECT_EQ(fired, 1);
}

TEST(SignalWatch, CallsBackOnTheLoop) {
  Loop loop;
  int heard = 0;
  SignalWatch watch(loop, SIGUSR1, [&] { ++heard; });
  Timer end(loop, [&] { loop.stop(); });
  end.start(Milliseconds(20));
  ::raise(SIGUSR1);
  EXPECT_EQ(heard, 0);
  loop.run();
  EXPECT_EQ(heard, 1);
}

TEST(PollWatch, TellsOfInputUntilItIsStopped) {
  Loop loop;
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  int events = 0;
  {
    PollWatch watch(loop, ends[0], [&](int ready) {
      events |= ready;
      watch.stop();
    });
    watch.start(UV_READABLE);
    ASSERT_EQ(::send(ends[1], "x", 1, 0), 1);
    loop.run();
  }
  EXPECT_EQ(events, UV_READABLE);
  ::close(ends[0]);
  ::close(ends[1]);
}

Task<void> compute(Loop& loop, std::string& what) {
  auto bad = []() -> int { throw std::runtime_error("worker bug"); };
  try {
    (void)co_await in_worker(loop, bad);
  } catch (const std::exception& exception) {
    what = exception.what();
  }
}

TEST(Worker, GivesBackTheException) {
  Loop loop;
  std::string what;
  TaskScope scope(loop);
  scope.start(compute(loop, what));
  loop.run();
  EXPECT_EQ(what, "worker bug");
}

TEST(Deadline, LeftIsNeverNegative) {
  EXPECT_FALSE(Deadline().passed());
  EXPECT_EQ(Deadline().left(), Milliseconds::max());
  const Deadline past = Deadline::after(Milliseconds(-5));
  EXPECT_TRUE(past.passed());
  EXPECT_EQ(past.left(), Milliseconds::zero());
}

}  // namespace
}  // namespace postern
