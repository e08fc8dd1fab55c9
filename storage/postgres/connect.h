// Opening a connection without ever blocking the loop: names are resolved off it, every address is tried by
// itself with a limit of time, the server that answered last is asked first.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/async/loop.h"
#include "gateway/base/log.h"
#include "storage/postgres/conninfo.h"

typedef struct pg_conn PGconn;

namespace postern::postgres {

struct ConnectionCloser {
  void operator()(PGconn* connection) const;
};
using ConnectionHandle = std::unique_ptr<PGconn, ConnectionCloser>;

class Connector {
 public:
  Connector(Loop& loop, const std::string& conninfo, const DatabaseSettings& settings);

  // An open connection in pipeline mode, non-blocking, of a server that we can work with (version 15, UTF8).
  // unavailable: none of the servers, with the last one's reason.
  Task<Result<ConnectionHandle>> connect(std::string more_options);

 private:
  // The configured hosts with their addresses, the one that worked last in front.
  Task<std::vector<DatabaseHost>> candidates();
  Task<Result<ConnectionHandle>> connect_to(DatabaseHost host, std::string more_options);

  Loop& loop_;
  Result<Conninfo> conninfo_;
  Milliseconds limit_;
  DatabaseHost last_good_;
};

}  // namespace postern::postgres
