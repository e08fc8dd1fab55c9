#include "gateway/cli/pulse.h"

#include <unistd.h>

#include <fstream>

namespace postern::cli {

namespace {
constexpr Milliseconds kBetweenBeats{1000};
}  // namespace

Pulse::Pulse(Loop& loop, const Clock& clock, const Metrics& metrics)
    : clock_(clock), metrics_(metrics), timer_(loop, [this] { beat(); }) {
  metrics_.add(Metric::starts);
  due_ = std::chrono::steady_clock::now();
  beat();
}

void Pulse::beat() {
  metrics_.observe(Metric::loop_lag_seconds, due_);
  metrics_.set(Metric::resident_memory, resident_octets());
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now().time_since_epoch());
  metrics_.set(Metric::last_beat, static_cast<std::uint64_t>(now.count()));
  due_ = std::chrono::steady_clock::now() + kBetweenBeats;
  timer_.start(kBetweenBeats);
}

// proc(5): /proc/self/statm counts pages; the second number is what is resident.
std::uint64_t resident_octets() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  if (!(file >> all >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace postern::cli
