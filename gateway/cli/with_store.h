// A command's session with the store: a private loop, the database of the settings, and one coroutine.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/async/loop.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/pid_file.h"
#include "gateway/cli/settings_source.h"
#include "storage/postgres/embedded.h"
#include "storage/store.h"

namespace postern::cli {

// How to reach the database of the settings, and what must stay alive meanwhile.
struct DatabaseAccess {
  std::string conninfo;
  std::unique_ptr<PidFile> lock;                       // only while we run the embedded server ourselves
  std::unique_ptr<postgres::EmbeddedServer> embedded;  // ends before the lock is let go
};

// What a server leaves in its pid file: how to reach its database, and how far it is.
enum class ServerState { starting, ready };
std::string note_of(const std::string& conninfo, ServerState state);
ServerState state_in(const std::string& note);

// The configured database; without one the embedded server that `postern serve` runs on the same data, or
// else one of our own. unavailable, denied (somebody else is just starting it).
Result<DatabaseAccess> open_database(const Settings& settings, Log log);
// The first two only: what a worker uses. unavailable: nobody serves.
Result<std::string> running_database(const Settings& settings);

// Blocking: what is pending, on a loop of its own. Returns the names of what was applied.
Result<std::vector<std::string>> migrate_now(const std::string& conninfo, const Settings& settings, Log log);

struct StoreSession {
  Loop& loop;
  Store& store;
  const Settings& settings;
};
// The work is a call of a coroutine, not one itself; the session outlives it.
using StoreWork = std::function<Task<Result<void>>(StoreSession&)>;

// Runs it to its end.
Result<void> run_with_store(const std::string& conninfo, const Settings& settings, Log log,
                            const StoreWork& work);
// The same for a command: reads the settings, finds the database, prints what went wrong.
ExitCode with_store(const CommonOptions& options, const StoreWork& work);

}  // namespace postern::cli
