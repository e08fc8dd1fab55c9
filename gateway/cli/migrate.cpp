// postern migrate: brings the database to this program's schema, or shows what that would do.
#include "storage/postgres/migrate.h"

#include "gateway/cli/command_line.h"
#include "gateway/cli/run_task.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

struct MigrateOptions {
  bool plan = false;
};

std::vector<Json> rows_of(const std::vector<postgres::Migration>& migrations, const char* state) {
  std::vector<Json> rows;
  for (const postgres::Migration& migration : migrations) {
    Json row;
    row["number"] = migration.number;
    row["name"] = migration.name;
    row["state"] = state;
    rows.push_back(std::move(row));
  }
  return rows;
}

Task<Result<std::vector<Json>>> plan_or_migrate(postgres::Database& database, bool only_plan) {
  std::vector<Json> rows;
  if (only_plan) {
    CO_TRY(const postgres::MigrationPlan plan, co_await postgres::plan_migrations(database));
    rows = rows_of(plan.applied, "applied");
    for (Json& row : rows_of(plan.pending, "pending")) rows.push_back(std::move(row));
    co_return rows;
  }
  CO_TRY(const std::vector<postgres::Migration> applied, co_await postgres::migrate(database));
  rows = rows_of(applied, "applied now");
  co_return rows;
}

Task<Result<std::vector<Json>>> work_and_close(postgres::Database& database, bool only_plan) {
  auto rows = co_await plan_or_migrate(database, only_plan);
  co_await database.close();
  co_return rows;
}

ExitCode run(const CommonOptions& common, const MigrateOptions& options) {
  const auto settings = settings_or_complaint(common);
  if (!settings) return ExitCode::configuration;
  auto access = open_database(*settings, Log::silent());
  Result<std::vector<Json>> rows = std::vector<Json>();
  if (access) {
    Loop loop;
    postgres::Database database(loop, access->conninfo, settings->database, Log::silent());
    rows = run_to_end(loop, work_and_close(database, options.plan));
  } else {
    rows = std::move(access).error();
  }
  if (!rows) {
    print_error(common.output, rows.error());
    return exit_code_for(rows.error().kind);
  }
  if (rows->empty() && common.output == OutputFormat::table) {
    print_done(common.output, "The database is up to date.", Json());
  } else {
    const std::vector<std::string> columns{"number", "name", "state"};
    print_rows(common.output, columns, *rows);
  }
  return ExitCode::ok;
}

}  // namespace

void add_migrate(CommandLine& line) {
  const auto options = std::make_shared<MigrateOptions>();
  line.command("migrate", "Bring the database to this version's schema",
               [options](const CommonOptions& common) { return run(common, *options); })
      .add_flag("--plan", options->plan, "Only show what is applied and what is pending");
}

}  // namespace postern::cli
