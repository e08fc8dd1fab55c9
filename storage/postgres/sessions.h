// Sessions on PostgreSQL: two unlogged tables, so that telling costs no write-ahead log and waits for no
// disk.
#pragma once

#include "storage/postgres/database.h"
#include "storage/sessions.h"

namespace postern::postgres {

class PostgresSessions final : public Sessions {
 public:
  explicit PostgresSessions(Database& database) : database_(database) {}

  Task<Result<SessionOrders>> report(SessionReport report) override;
  Task<Result<void>> leave(std::string worker) override;
  Task<Result<std::vector<SessionEntry>>> list(Reach reach, SessionFilter filter, PageRange range) override;
  Task<Result<void>> end(Reach reach, SessionKey key) override;

 private:
  Database& database_;
};

}  // namespace postern::postgres
