#include "storage/postgres/migrate.h"

#include <openssl/evp.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/postgres/migration_files.h"
#include "storage/postgres/split_statements.h"

namespace postern::postgres {

namespace {

// Any number will do, as long as nobody else in the database locks it: "postern" in ASCII.
constexpr std::int64_t kLockNumber = 0x706f737465726e;
constexpr int kTriesMax = 5;

constexpr Statement kTableExists{"migrations_exist", "SELECT to_regclass('schema_migrations') IS NOT NULL"};
constexpr Statement kCreateTable{"", R"sql(
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number        integer PRIMARY KEY,
    name          text NOT NULL,
    checksum      text NOT NULL,
    -- The oldest program, by its highest migration, that this state of the schema still serves.
    oldest_served integer NOT NULL DEFAULT 0,
    applied_at    timestamptz NOT NULL DEFAULT now()
  ))sql"};
constexpr Statement kApplied{"applied_migrations", R"sql(
  SELECT number, name, checksum, oldest_served FROM schema_migrations ORDER BY number)sql"};
constexpr Statement kRecord{"record_migration", R"sql(
  INSERT INTO schema_migrations (number, name, checksum, oldest_served)
  VALUES ($1::integer, $2::text, $3::text, $4::integer))sql"};
// Whoever else migrates may take long; the statements themselves may too. Locks of tables in use are waited
// for as long as any other statement would.
constexpr Statement kWaitForEver{"", "SET LOCAL lock_timeout = 0"};
constexpr Statement kRunForEver{"", "SET LOCAL statement_timeout = 0"};
constexpr Statement kLock{"lock_migrations", "SELECT pg_advisory_xact_lock($1::bigint)"};
constexpr Statement kWaitAsUsual{"", "SET LOCAL lock_timeout TO DEFAULT"};

std::string sha256(std::string_view octets) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_Digest(octets.data(), octets.size(), digest, &length, EVP_sha256(), nullptr);
  return text::hex(std::string_view(reinterpret_cast<const char*>(digest), length));
}

// A migration that older programs cannot live with says so in a line of its own: "-- serves: 12".
int oldest_served(std::string_view sql) {
  constexpr std::string_view kMark = "-- serves:";
  for (const std::string_view line : text::split(sql, '\n')) {
    if (!line.starts_with(kMark)) continue;
    return static_cast<int>(text::number(text::trim(line.substr(kMark.size())), 9999).value_or(0));
  }
  return 0;
}

std::vector<Migration> read_known() {
  std::vector<Migration> out;
  for (const MigrationFile& file : migration_files()) {
    Migration migration;
    migration.number = static_cast<int>(text::number(file.name.substr(0, 4)).value_or(0));
    migration.name = file.name.substr(std::min<std::size_t>(5, file.name.size()));
    migration.sql = file.sql;
    migration.checksum = sha256(file.sql);
    out.push_back(std::move(migration));
  }
  return out;
}

Result<MigrationPlan> compare(const Rows& rows) {
  MigrationPlan plan;
  const std::vector<Migration>& known = known_migrations();
  const int newest = known.empty() ? 0 : known.back().number;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int number = rows[i].get<std::int32_t>(0);
    const std::string label = std::to_string(number) + "_" + rows[i].get<std::string>(1);
    const auto same =
        std::find_if(known.begin(), known.end(), [&](const Migration& m) { return m.number == number; });
    if (same == known.end()) {
      if (rows[i].get<std::int32_t>(3) > newest) {
        return Error(ErrorKind::invalid, "the database is newer than this program (migration " + label + ")");
      }
    } else if (rows[i].get<std::string_view>(2) != same->checksum) {
      return Error(ErrorKind::invalid, "migration " + label + " has changed since it was applied");
    } else {
      plan.applied.push_back(*same);
    }
  }
  for (const Migration& migration : known) {
    const auto is_it = [&](const Migration& applied) { return applied.number == migration.number; };
    if (std::none_of(plan.applied.begin(), plan.applied.end(), is_it)) plan.pending.push_back(migration);
  }
  return plan;
}

Task<Result<void>> take_lock(Transaction& transaction) {
  transaction.lift_time_limit();
  std::vector<Query> queries;
  Params number(kLockNumber);
  queries.emplace_back(kWaitForEver, Params());
  queries.emplace_back(kRunForEver, Params());
  queries.emplace_back(kLock, std::move(number));
  queries.emplace_back(kWaitAsUsual, Params());
  queries.emplace_back(kCreateTable, Params());
  CO_TRY_VOID(co_await transaction.batch(std::move(queries)));
  co_return Result<void>();
}

Task<Result<void>> apply(Transaction& transaction, Migration migration) {
  for (const std::string& sql : split_statements(migration.sql)) {
    const Statement statement{"", sql.c_str()};
    const Result<Rows> done = co_await transaction.query(statement, Params());
    if (!done) {
      co_return Error(done.error().kind, "migration " + std::to_string(migration.number) + "_" +
                                             migration.name + ": " + done.error().detail +
                                             " in: " + text::printable(sql, 80));
    }
  }
  Params params(migration.number, migration.name, migration.checksum, oldest_served(migration.sql));
  CO_TRY_VOID(co_await transaction.query(kRecord, std::move(params)));
  co_return Result<void>();
}

// The next pending migration, under the lock; empty if there is none.
Task<Result<std::vector<Migration>>> apply_next(Database& database) {
  CO_TRY(Transaction transaction, co_await database.begin());
  CO_TRY_VOID(co_await take_lock(transaction));
  CO_TRY(const Rows rows, co_await transaction.query(kApplied, Params()));
  CO_TRY(const MigrationPlan plan, compare(rows));
  std::vector<Migration> done;
  if (!plan.pending.empty()) {
    done.push_back(plan.pending.front());
    CO_TRY_VOID(co_await apply(transaction, done.front()));
  }
  CO_TRY_VOID(co_await transaction.commit());
  co_return done;
}

}  // namespace

const std::vector<Migration>& known_migrations() {
  static const std::vector<Migration> known = read_known();
  return known;
}

Task<Result<MigrationPlan>> plan_migrations(Database& database) {
  CO_TRY(const Rows exists, co_await database.query(Lane::read, kTableExists, Params()));
  if (!exists[0].get<bool>(0)) co_return compare(Rows());
  CO_TRY(const Rows rows, co_await database.query(Lane::read, kApplied, Params()));
  co_return compare(rows);
}

Task<Result<std::vector<Migration>>> migrate(Database& database) {
  std::vector<Migration> all;
  // Nothing to do needs no right to create tables.
  CO_TRY(const MigrationPlan plan, co_await plan_migrations(database));
  if (plan.pending.empty()) co_return all;
  int tries = 0;
  while (true) {
    Result<std::vector<Migration>> step = co_await apply_next(database);
    if (!step) {
      // In doubt, or the server went away: what is recorded tells, and the rest is tried again.
      const bool again =
          step.error().kind == ErrorKind::closed || step.error().kind == ErrorKind::unavailable;
      if (!again || ++tries == kTriesMax) co_return std::move(step).error();
      continue;
    }
    if (step->empty()) co_return all;
    const Migration& done = step->front();
    database.log().event(Level::info, "database.migrated", {{"number", done.number}, {"name", done.name}});
    all.push_back(done);
  }
}

}  // namespace postern::postgres
