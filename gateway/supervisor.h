// The supervisor: one process that starts the workers, restarts those that end, passes signals on, and knows
// nothing of mail. It has no event loop: it sleeps in poll(2) on signals and on the workers' "ready" pipes.
//
//   SIGTERM, SIGINT  workers get SIGTERM, after drain_limit (or a second signal) SIGKILL; then supervise()
//   ends SIGHUP           passed on (reload) a worker ends    it is started again after 0.1 s, doubling to 10
//   s; a life of 60 s starts over at 0.1 s we die           workers get SIGTERM from the kernel
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/base/result.h"

namespace postern {

struct SupervisorOptions {
  int workers = 1;
  std::vector<std::string> worker_argv;  // with argv[0]; what is executed is always this same program
  Milliseconds drain_limit{30'000};
  // Around the workers' lives, for what they need beneath them (an embedded database). Both may block. They
  // run with the signals above and SIGCHLD blocked, and nobody else's children are waited for.
  std::function<Result<void>()> before_workers;
  std::function<void()> after_workers;
  // Some child has ended, perhaps one that is not a worker. May block.
  std::function<void()> on_other_child;
  std::function<void()> on_ready;  // once, when every worker is ready
  int shared_descriptor = -1;      // that every worker finds open (WorkerPlace); -1: none
  Log log = Log::silent();
};

// A worker that ends with it says that starting it again cannot help; then everything ends (EX_CONFIG).
constexpr int kExitConfiguration = 78;

// Returns the exit status: 0 after an orderly end, 1 if before_workers failed, kExitConfiguration.
int supervise(SupervisorOptions options);

// In a worker: its place among its siblings. nullopt: this process was not started by a supervisor.
struct WorkerPlace {
  std::uint16_t number = 0;  // from 0; a restarted worker gets the same
  int ready_descriptor = -1;
  int shared_descriptor = -1;  // SupervisorOptions::shared_descriptor
};
std::optional<WorkerPlace> worker_place();
// The worker accepts connections now. Call it once.
void announce_ready(const WorkerPlace& place);

}  // namespace postern
