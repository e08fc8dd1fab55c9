// postern stop: ends the server of a data directory and waits until it has ended.
#include <csignal>
#include <thread>

#include "gateway/cli/command_line.h"
#include "gateway/cli/demo_directory.h"
#include "gateway/cli/pid_file.h"

namespace postern::cli {

namespace {

constexpr std::chrono::milliseconds kLook{50};
// Beyond the drain: the embedded PostgreSQL's last checkpoint.
constexpr std::chrono::seconds kAfterDrain{60};

ExitCode stop(const CommonOptions& options) {
  CommonOptions of = options;
  if (of.config.empty() && of.data_directory.empty()) of.data_directory = default_demo_directory();
  const auto settings = settings_or_complaint(of);
  if (!settings) return ExitCode::configuration;
  const std::string path = PidFile::path_in(settings->server.data_directory);
  const auto holder = PidFile::holder(path);
  Json record;
  record["data_dir"] = settings->server.data_directory;
  record["stopped"] = holder.has_value();
  if (!holder) {
    print_done(options.output, "Nothing serves " + settings->server.data_directory + ".", record);
    return ExitCode::ok;
  }
  if (holder->pid <= 0 || ::kill(holder->pid, SIGTERM) != 0) {
    print_error(options.output,
                Error(ErrorKind::denied, "the server runs as another user or in another container"));
    return ExitCode::failed;
  }
  const auto give_up =
      std::chrono::steady_clock::now() + std::chrono::seconds(settings->server.drain_limit_s) + kAfterDrain;
  while (PidFile::holder(path)) {
    if (std::chrono::steady_clock::now() > give_up) {
      print_error(options.output,
                  Error(ErrorKind::timed_out, "still running: process " + std::to_string(holder->pid)));
      return ExitCode::failed;
    }
    std::this_thread::sleep_for(kLook);
  }
  record["pid"] = holder->pid;
  print_done(options.output, "Stopped process " + std::to_string(holder->pid) + ".", record);
  return ExitCode::ok;
}

}  // namespace

void add_stop(CommandLine& line) {
  line.command("stop", "Stop a demo (--data DIR) or the server of --config FILE, and wait for its end", stop);
}

}  // namespace postern::cli
