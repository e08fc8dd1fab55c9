// Serving: what `postern serve` and `postern demo` have in common. Holds the data directory's lock, runs the
// embedded PostgreSQL if no other database is named, migrates, and supervises the workers until a signal.
#pragma once

#include <functional>
#include <string>

#include "gateway/cli/exit_code.h"
#include "gateway/cli/settings_source.h"

namespace postern::cli {

struct ServerPlan {
  std::string config_file;  // for the workers, which read it again
  Settings settings;
  OutputFormat output = OutputFormat::table;                         // of refusals
  bool has_demo_page = false;                                        // of the data directory's first account
  std::function<Result<void>(const std::string& conninfo)> prepare;  // after migrations; may be empty
  std::function<void()> on_ready;                                    // once all workers accept; may be empty
};

// Blocking, until SIGTERM or SIGINT and the end of the sessions.
ExitCode run_server(const ServerPlan& plan);

}  // namespace postern::cli
