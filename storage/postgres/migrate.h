// Numbered migrations (storage/postgres/migrations/NNNN_name.sql, compiled into the binary), applied in order
// under an advisory lock, each in one transaction with its checksum recorded. A file that was applied and has
// changed since is refused. Every migration leaves an older running node working (expand, later contract).
#pragma once

#include <string>
#include <vector>

#include "storage/postgres/database.h"

namespace postern::postgres {

struct Migration {
  int number = 0;
  std::string name;
  std::string sql;
  std::string checksum;  // SHA-256, hexadecimal
};

const std::vector<Migration>& known_migrations();

struct MigrationPlan {
  std::vector<Migration> applied;
  std::vector<Migration> pending;
};
// invalid: an applied migration has changed, or the database is newer than this program and says it cannot
// serve it.
Task<Result<MigrationPlan>> plan_migrations(Database& database);
// Applies what is pending; returns what it applied. Several processes may call it at once.
Task<Result<std::vector<Migration>>> migrate(Database& database);

}  // namespace postern::postgres
