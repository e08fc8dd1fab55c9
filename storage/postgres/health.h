// What `postern doctor` asks a database server: its version, whether what it acknowledges is durable, its
// clock.
#pragma once

#include <string>

#include "storage/postgres/database.h"

namespace postern::postgres {

constexpr int kServerVersionMin = 150000;  // as server_version_num counts

struct DatabaseHealth {
  std::string version;  // "15.3 (Debian 15.3-0+deb12u1)"
  int version_number = 0;
  bool fsync = false;
  bool full_page_writes = false;
  std::string synchronous_commit;  // as our sessions have it
  bool in_recovery = false;        // a standby: cannot be written
  WallTime now{};
};

Task<Result<DatabaseHealth>> database_health(Database& database);

}  // namespace postern::postgres
