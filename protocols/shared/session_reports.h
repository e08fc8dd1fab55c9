// SessionReports: a worker tells the store who is connected to it, and hears which sessions are to end.
#pragma once

#include <functional>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "gateway/base/log.h"
#include "protocols/shared/live_sessions.h"
#include "storage/sessions.h"

namespace postern {

class SessionReports {
 public:
  static constexpr Milliseconds kEvery = std::chrono::seconds(5);

  // `end` ends a session of this process. `node` is the machine's name. All outlive it.
  SessionReports(Loop& loop, Sessions& sessions, LiveSessions& live, std::string node, Log log,
                 std::function<void(std::uint64_t session)> end, Milliseconds every = kEvery);
  // When the sessions are over; before Store::close().
  Task<void> close();

 private:
  Task<void> run();
  Task<Milliseconds> tell();  // how long until the next time

  Sessions& sessions_;
  LiveSessions& live_;
  const std::string worker_;
  const std::string node_;
  const Log log_;
  const std::function<void(std::uint64_t)> end_;
  const Milliseconds every_;
  bool failing_ = false;
  bool closing_ = false;
  Channel<bool> wake_;
  Timer timer_;
  TaskScope scope_;
};

}  // namespace postern
