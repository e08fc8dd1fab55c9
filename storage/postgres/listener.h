// The connection that LISTENs and NOTIFYs: one per process, outside the pools, kept open as long as the
// process lives. Its commits need not be durable: they carry notifications only.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "storage/postgres/connection.h"

namespace postern::postgres {

class Listener {
 public:
  Listener(Loop& loop, Connector& connector, const DatabaseSettings& settings, Log log, Metrics metrics);

  // Connects and goes on for ever. on_listening: from now on notifications arrive; earlier ones were missed.
  void listen(std::string channel, std::function<void(std::string_view payload)> on_notify,
              std::function<void()> on_listening);
  // Dropped while there is no connection, or when too many are under way.
  void notify(std::string channel, std::string payload);
  Task<void> close();

 private:
  Task<void> run();
  Task<Result<void>> connect();
  Task<void> send(std::string channel, std::string payload);

  Loop& loop_;
  Connector& connector_;
  const ConnectionLimits limits_;
  const Log log_;
  const Metrics metrics_;
  std::string channel_;
  std::function<void(std::string_view)> on_notify_;
  std::function<void()> on_listening_;
  std::unique_ptr<Connection> connection_;
  bool listening_ = false;
  bool closing_ = false;
  Channel<bool> wake_;
  TaskScope sends_;
  TaskScope scope_;
};

}  // namespace postern::postgres
