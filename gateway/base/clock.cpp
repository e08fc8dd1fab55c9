#include "gateway/base/clock.h"

namespace postern {

WallTime Clock::now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

SteadyTime Clock::steady_now() const {
  return std::chrono::steady_clock::now();
}

}  // namespace postern
