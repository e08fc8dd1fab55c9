// Time as values that are passed, so that tests may set it. Deadlines use the steady clock; INTERNALDATE
// and the audit use wall time.
#pragma once

#include <chrono>
#include <cstdint>

namespace postern {

using Milliseconds = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;  // UTC, PostgreSQL's resolution

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime now() const;
  virtual SteadyTime steady_now() const;
};

}  // namespace postern
