#include "storage/postgres/health.h"

namespace postern::postgres {

namespace {

constexpr Statement kHealth{"database_health", R"sql(
 SELECT current_setting('server_version'), current_setting('server_version_num')::integer,
        current_setting('fsync')::boolean, current_setting('full_page_writes')::boolean,
        current_setting('synchronous_commit'), pg_is_in_recovery(), clock_timestamp())sql"};

}  // namespace

Task<Result<DatabaseHealth>> database_health(Database& database) {
  Params none;
  CO_TRY(Rows rows, co_await database.query(Lane::read, kHealth, std::move(none)));
  const Row row = rows[0];
  DatabaseHealth health;
  health.version = row.get<std::string>(0);
  health.version_number = row.get<std::int32_t>(1);
  health.fsync = row.get<bool>(2);
  health.full_page_writes = row.get<bool>(3);
  health.synchronous_commit = row.get<std::string>(4);
  health.in_recovery = row.get<bool>(5);
  health.now = row.get<WallTime>(6);
  co_return health;
}

}  // namespace postern::postgres
