// The whole gateway inside a test: workers in threads, each with its own loop, store and doors, on ports that
// the kernel chooses. What several worker processes do, these do.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "gateway/base/clock.h"
#include "tests/support/loop_thread.h"

namespace postern::tests {

class GatewayInProcess {
 public:
  // Doors and limits as in the settings; endpoints are replaced by two per door at 127.0.0.1, the first with
  // STARTTLS, the second with implicit TLS.
  GatewayInProcess(const std::string& conninfo, Settings settings, std::size_t workers,
                   Milliseconds sessions_told_every = std::chrono::hours(1));
  ~GatewayInProcess();

  std::uint16_t port(std::size_t worker, const std::string& door, bool implicit_tls) const;
  // A drain: no new connections, sessions say goodbye.
  void stop();

 private:
  struct Worker;
  void start(Worker& worker, const std::string& conninfo);

  Settings settings_;
  const Milliseconds sessions_told_every_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace postern::tests
