// A worker's pulse: once a second it notes how late the loop was, how much memory there is, and that it
// lives.
#pragma once

#include "gateway/async/loop.h"
#include "gateway/base/metrics.h"

namespace postern::cli {

class Pulse {
 public:
  // Beats from now on. All outlive it; the loop never ends by itself as long as it beats.
  Pulse(Loop& loop, const Clock& clock, const Metrics& metrics);

 private:
  void beat();

  const Clock& clock_;
  const Metrics& metrics_;
  SteadyTime due_;
  Timer timer_;
};

// Resident memory of this process, from Linux; 0: it does not say.
std::uint64_t resident_octets();

}  // namespace postern::cli
