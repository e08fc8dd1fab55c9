// postern check-config: every mistake of the settings at once, before a restart finds the first.
#include <cstdio>

#include "gateway/cli/command_line.h"

namespace postern::cli {

void add_check_config(CommandLine& line) {
  line.command("check-config", "Find all mistakes in the settings", [](const CommonOptions& options) {
    if (!settings_or_complaint(options)) return ExitCode::configuration;
    Json record;
    record["ok"] = true;
    record["file"] = config_file(options);
    print_done(options.output, config_file(options) + ": ok", record);
    return ExitCode::ok;
  });
}

}  // namespace postern::cli
