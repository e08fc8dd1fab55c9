// Embedded PostgreSQL: without a configured database the supervisor runs initdb once and postgres as an
// unprivileged child, on a unix socket in the data directory only, and stops it cleanly.
#pragma once

#include <memory>
#include <string>

#include "gateway/base/log.h"
#include "gateway/base/result.h"

namespace postern::postgres {

class EmbeddedServer {
 public:
  // Blocking (the supervisor calls it before its loop). Creates <data_directory>/postgres if missing, starts
  // the server, waits until it accepts. As root it runs as `run_as` (default "postgres", else "nobody"). A
  // server left behind by a crashed supervisor is taken over or stopped first. unavailable with the reason
  // and the last lines of the server's log.
  static Result<std::unique_ptr<EmbeddedServer>> start(const std::string& data_directory,
                                                       const std::string& run_as, Log log);
  ~EmbeddedServer();  // stop()

  std::string conninfo() const;  // "host=<socket directory> dbname=postern user=postern"
  int pid() const;
  // Fast shutdown, at most 30 s, then immediate. Blocking.
  void stop();
  // Non-blocking: the child has ended. restart() starts it again on the same data (blocking).
  bool ended() const;
  Result<void> restart();

 private:
  EmbeddedServer() = default;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace postern::postgres
