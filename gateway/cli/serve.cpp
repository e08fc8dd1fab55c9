// postern serve: until told to stop.
#include "gateway/cli/command_line.h"
#include "gateway/cli/server.h"

namespace postern::cli {

void add_serve(CommandLine& line) {
  CLI::App& command = line.command("serve", "Serve until SIGTERM", [](const CommonOptions& options) {
    auto settings = settings_or_complaint(options);
    if (!settings) return ExitCode::configuration;
    ServerPlan plan;
    plan.config_file = config_file(options);
    plan.settings = *std::move(settings);
    plan.output = options.output;
    return run_server(plan);
  });
  command.footer(R"(
SIGTERM, SIGINT   finish the sessions (server.drain_limit_s), then end
SIGHUP            read the certificates again

Example:
  postern serve --config /etc/postern/postern.yaml
)");
}

}  // namespace postern::cli
