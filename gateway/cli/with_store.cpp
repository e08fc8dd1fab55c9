#include "gateway/cli/with_store.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "gateway/cli/run_task.h"
#include "storage/postgres/lineage.h"
#include "storage/postgres/migrate.h"
#include "storage/postgres/open_store.h"

namespace postern::cli {

namespace {

constexpr std::string_view kConninfoNote = "database ";
constexpr std::string_view kReadyNote = "\nready\n";

// Who runs the command, for the audit.
std::string user_name() {
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : std::to_string(::getuid());
}

Task<Result<void>> work_and_close(StoreSession& session, const StoreWork& work) {
  Result<void> outcome = co_await work(session);
  co_await session.store.close();
  co_return outcome;
}

Task<Result<std::vector<std::string>>> migrate_and_close(postgres::Database& database, Log log) {
  auto applied = co_await postgres::migrate(database);
  Result<bool> set_back = false;
  if (applied) set_back = co_await postgres::settle_lineage(database);
  co_await database.close();
  if (!applied) co_return std::move(applied).error();
  if (!set_back) co_return std::move(set_back).error();
  if (*set_back) log.event(Level::warning, "store.set_back", {{"uids_jumped_by", postgres::kUidJump}});
  std::vector<std::string> names;
  for (const postgres::Migration& migration : *applied) names.push_back(migration.name);
  co_return names;
}

std::optional<std::string> conninfo_of_running(const Settings& settings) {
  const auto holder = PidFile::holder(PidFile::path_in(settings.server.data_directory));
  if (!holder || !holder->note.starts_with(kConninfoNote)) return std::nullopt;
  const std::string rest = holder->note.substr(kConninfoNote.size());
  return rest.substr(0, rest.find('\n'));
}

// A command looks at each message once: what a worker keeps for many clients would only be in the way.
Settings with_small_caches(Settings settings) {
  constexpr std::uint64_t kMost = std::uint64_t{8} << 20;
  settings.store.blob_cache_octets = kMost;
  settings.store.facts_cache_octets = std::min(settings.store.facts_cache_octets, kMost);
  settings.store.index_cache_octets = std::min(settings.store.index_cache_octets, kMost);
  return settings;
}

}  // namespace

std::string note_of(const std::string& conninfo, ServerState state) {
  const std::string end = state == ServerState::ready ? std::string(kReadyNote) : "\n";
  return std::string(kConninfoNote) + conninfo + end;
}

ServerState state_in(const std::string& note) {
  return note.ends_with(kReadyNote) ? ServerState::ready : ServerState::starting;
}

Result<std::string> running_database(const Settings& settings) {
  if (!settings.database.url.empty()) return settings.database.url;
  if (auto conninfo = conninfo_of_running(settings)) return *std::move(conninfo);
  return Error(ErrorKind::unavailable, "nobody serves " + settings.server.data_directory);
}

Result<DatabaseAccess> open_database(const Settings& settings, Log log) {
  DatabaseAccess access;
  if (auto running = running_database(settings)) {
    access.conninfo = *std::move(running);
    return access;
  }
  const std::string& directory = settings.server.data_directory;
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) return Error(ErrorKind::unavailable, directory + ": " + failure.message());
  auto lock = PidFile::take(PidFile::path_in(directory));
  if (!lock && lock.error().kind == ErrorKind::already_exists) {
    return Error(ErrorKind::unavailable, "another postern is just starting or stopping on " + directory);
  }
  if (!lock) return std::move(lock).error();
  access.lock = std::make_unique<PidFile>(*std::move(lock));
  TRY(access.embedded, postgres::EmbeddedServer::start(directory, settings.server.user, log));
  access.conninfo = access.embedded->conninfo();
  access.lock->note(note_of(access.conninfo, ServerState::starting));
  return access;
}

Result<std::vector<std::string>> migrate_now(const std::string& conninfo, const Settings& settings, Log log) {
  Loop loop;
  postgres::Database database(loop, conninfo, settings.database, log);
  return run_to_end(loop, migrate_and_close(database, log));
}

Result<void> run_with_store(const std::string& conninfo, const Settings& settings, Log log,
                            const StoreWork& work) {
  Clock clock;
  Loop loop;
  Act act(user_name(), "command line", "");
  const Settings modest = with_small_caches(settings);
  const std::unique_ptr<Store> store =
      postgres::open_store(loop, conninfo, modest, clock, log, Metrics(), std::move(act));
  StoreSession session{loop, *store, settings};
  return run_to_end(loop, work_and_close(session, work));
}

ExitCode with_store(const CommonOptions& options, const StoreWork& work) {
  const auto settings = settings_or_complaint(options);
  if (!settings) return ExitCode::configuration;
  // A command says what went wrong in its own words; the log is for those who serve.
  const Log log = Log::silent();
  auto access = open_database(*settings, log);
  Result<void> outcome;
  if (!access) {
    outcome = access.error();
  } else if (access->embedded) {
    auto migrated = migrate_now(access->conninfo, *settings, log);
    if (!migrated) outcome = std::move(migrated).error();
  }
  if (outcome) outcome = run_with_store(access->conninfo, *settings, log, work);
  if (outcome) return ExitCode::ok;
  print_error(options.output, outcome.error());
  return exit_code_for(outcome.error().kind);
}

}  // namespace postern::cli
