// How many requests a device may make: a phone in a tight loop must not cost more than it is worth. A
// minute's requests at once, then as many as come back with time. Of this process. Pure but for its memory.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "gateway/base/clock.h"

namespace postern::activesync {

class DeviceBudget {
 public:
  // 0: no bound.
  explicit DeviceBudget(std::uint32_t per_minute_max) : per_minute_max_(per_minute_max) {}

  // One request of the device. False: it has none left.
  bool take(const std::string& device, SteadyTime now);
  std::size_t devices() const { return spent_.size(); }  // that are remembered

 private:
  struct Spent {
    double requests = 0;  // not yet forgiven
    SteadyTime at{};
  };
  double left_of(const Spent& spent, SteadyTime now) const;
  void forget_the_idle(SteadyTime now);

  const std::uint32_t per_minute_max_;
  std::unordered_map<std::string, Spent> spent_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace postern::activesync
