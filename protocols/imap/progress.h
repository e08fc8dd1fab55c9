// Commands that take long say so now and then (RFC 9585), so that a client does not give them up.
#pragma once

#include <functional>
#include <utility>

#include "gateway/async/task_scope.h"
#include "protocols/imap/session.h"

namespace postern::imap {

struct Progress {
  std::uint64_t done = 0;
  std::uint64_t goal = 0;  // 0: not known
};

constexpr Milliseconds kProgressEvery{10'000};

// Starts what `tell` gives each time that `every` has passed and the one before has ended. All have ended
// when ended() returns.
class Ticking {
 public:
  Ticking(Loop& loop, Milliseconds every, std::function<Task<void>()> tell)
      : every_(every), tell_(std::move(tell)), timer_(loop, [this] { tick(); }), telling_(loop) {
    timer_.start(every_);
  }
  Task<void> ended() {
    timer_.stop();
    co_await telling_.drained();
  }

 private:
  void tick() {
    if (telling_.running() == 0) telling_.start(tell_());
    timer_.start(every_);
  }

  const Milliseconds every_;
  const std::function<Task<void>()> tell_;
  Timer timer_;
  TaskScope telling_;
};

// Prints one line and sends it.
Task<void> tell_progress(Session& session, const Progress& progress);

// Waits for `work`, which must not print anything; `progress` outlives the call.
template <class T>
Task<T> with_progress(Session& session, const Progress& progress, Task<T> work) {
  Ticking ticking(session.services.loop, kProgressEvery,
                  [&session, &progress] { return tell_progress(session, progress); });
  T answer = co_await std::move(work);
  co_await ticking.ended();
  co_return answer;
}

// The same without a count.
template <class T>
Task<T> with_progress(Session& session, Task<T> work) {
  const Progress unknown;
  co_return co_await with_progress(session, unknown, std::move(work));
}

}  // namespace postern::imap
