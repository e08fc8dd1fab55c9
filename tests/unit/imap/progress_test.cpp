// A command that takes long says so again and again, and never twice at once (RFC 9585 §3).
#include "protocols/imap/progress.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

struct Told {
  explicit Told(Loop& l) : loop(l) {}
  Loop& loop;
  int begun = 0;
  int ended = 0;
  Channel<int> heard{loop};
};

Task<void> tell(Told& told) {
  ++told.begun;
  EXPECT_EQ(told.begun, told.ended + 1) << "the one before has not ended";
  co_await sleep(told.loop, Milliseconds(3));
  ++told.ended;
  told.heard.send(told.ended);
}

// Work that is over when it has been told of three times.
Task<void> work_until_told(Told& told, Ticking& ticking) {
  for (int heard = 0; heard < 3;) {
    const auto next = co_await told.heard.next();
    heard = *next;
  }
  co_await ticking.ended();
  told.loop.stop();
}

TEST(Progress, IsToldUntilTheWorkIsOver) {
  Loop loop;
  Told told(loop);
  TaskScope scope(loop);
  Ticking ticking(loop, Milliseconds(1), [&told] { return tell(told); });
  scope.start(work_until_told(told, ticking));
  while (scope.running() > 0) loop.run();
  EXPECT_GE(told.ended, 3);
  EXPECT_EQ(told.begun, told.ended) << "what was begun ends before the answer";
}

TEST(Progress, ShortWorkIsNotTalkedAbout) {
  Loop loop;
  Told told(loop);
  TaskScope scope(loop);
  Ticking ticking(loop, kProgressEvery, [&told] { return tell(told); });
  scope.start(ticking.ended());
  EXPECT_EQ(scope.running(), 0u);
  EXPECT_EQ(told.begun, 0);
}

TEST(Progress, IsWrittenWithItsTag) {
  EXPECT_EQ(ResponseCode::in_progress("A001", 454, 1000).text, "INPROGRESS (\"A001\" 454 1000)");
  EXPECT_EQ(ResponseCode::in_progress("A001", 0, 0).text, "INPROGRESS (\"A001\" NIL NIL)");
}

}  // namespace
}  // namespace postern::imap
