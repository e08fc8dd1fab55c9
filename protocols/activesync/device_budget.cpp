#include "protocols/activesync/device_budget.h"

#include <algorithm>

namespace postern::activesync {

namespace {
constexpr std::size_t kSweepDevicesMin = 1024;
}

double DeviceBudget::left_of(const Spent& spent, SteadyTime now) const {
  const std::chrono::duration<double, std::ratio<60>> minutes = now - spent.at;
  return std::max(0.0, spent.requests - minutes.count() * per_minute_max_);
}

bool DeviceBudget::take(const std::string& device, SteadyTime now) {
  if (per_minute_max_ == 0) return true;
  if (spent_.size() >= sweep_at_) forget_the_idle(now);
  Spent& spent = spent_[device];
  spent.requests = left_of(spent, now);
  spent.at = now;
  if (spent.requests + 1 > per_minute_max_) return false;
  spent.requests += 1;
  return true;
}

// Each time as many have come as were kept: what a request pays for it stays the same.
void DeviceBudget::forget_the_idle(SteadyTime now) {
  std::erase_if(spent_, [this, now](const auto& entry) { return left_of(entry.second, now) == 0; });
  sweep_at_ = std::max(kSweepDevicesMin, spent_.size() * 2);
}

}  // namespace postern::activesync
