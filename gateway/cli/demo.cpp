// postern demo: a server of its own with three accounts, from nothing, in seconds. Everything lives in one
// directory; a second start finds what the first left.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <thread>

#include "gateway/cli/command_line.h"
#include "gateway/cli/demo_contents.h"
#include "gateway/cli/demo_directory.h"
#include "gateway/cli/server.h"

namespace postern::cli {

namespace {

constexpr const char* kFooter = R"(
Examples:
  postern demo                              stays in the foreground; Ctrl-C ends it
  postern demo --detach --output json       for scripts: returns once it serves
  postern demo --data /tmp/try --port-base 20000
  postern stop --data /tmp/try
)";

constexpr std::chrono::seconds kOthersStartLimit{60};

struct DemoOptions {
  std::optional<std::uint32_t> port_base;
  bool detach = false;
};

void tell(OutputFormat format, const DemoDirectory& demo, pid_t pid, const std::string& first_line) {
  print_done(format, first_line + demo_text(demo, pid), demo_json(demo, pid));
}

ExitCode refuse(OutputFormat format, const Error& error) {
  print_error(format, error);
  return error.kind == ErrorKind::invalid ? ExitCode::configuration : exit_code_for(error.kind);
}

ExitCode serve_demo(DemoDirectory& demo, OutputFormat format, std::function<void()> on_ready) {
  ServerPlan plan;
  plan.config_file = demo.config_file();
  plan.settings = demo.settings;
  plan.output = format;
  plan.has_demo_page = true;
  plan.on_ready = std::move(on_ready);
  plan.prepare = [&demo](const std::string& conninfo) {
    const StoreWork fill = [&demo](StoreSession& session) { return fill_demo(session, demo); };
    return run_with_store(conninfo, demo.settings, Log::silent(), fill);
  };
  return run_server(plan);
}

// Somebody else's server on the same directory may still be on its way.
ExitCode tell_of_running(const DemoDirectory& demo, OutputFormat format) {
  const std::string path = PidFile::path_in(demo.path);
  const auto give_up = std::chrono::steady_clock::now() + kOthersStartLimit;
  while (std::chrono::steady_clock::now() < give_up) {
    const auto holder = PidFile::holder(path);
    if (!holder) return refuse(format, Error(ErrorKind::unavailable, "the running demo has just ended"));
    if (state_in(holder->note) == ServerState::ready) {
      tell(format, demo, holder->pid, "The demo is running already.\n\n");
      return ExitCode::ok;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return refuse(format,
                Error(ErrorKind::unavailable, "another process holds " + demo.path + " and does not serve"));
}

// The server in the background: its own session, its output in a file. It says one octet when it serves.
[[noreturn]] void become_background(DemoDirectory& demo, int ready) {
  ::setsid();
  const int log = ::open(demo.log_file().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  const ExitCode code = serve_demo(demo, OutputFormat::table, [ready] {
    [[maybe_unused]] const ssize_t written = ::write(ready, "r", 1);
    ::close(ready);
  });
  std::_Exit(static_cast<int>(code));
}

ExitCode detach(DemoDirectory& demo, OutputFormat format) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return refuse(format, Error(ErrorKind::unavailable, "no pipe"));
  const pid_t child = ::fork();
  if (child < 0) return refuse(format, Error(ErrorKind::unavailable, "cannot start a process"));
  if (child == 0) {
    ::close(ends[0]);
    become_background(demo, ends[1]);
  }
  ::close(ends[1]);
  char word = 0;
  const bool ready = ::read(ends[0], &word, 1) == 1;
  ::close(ends[0]);
  if (!ready) {
    return refuse(format, Error(ErrorKind::unavailable, "the demo did not start; see " + demo.log_file()));
  }
  tell(format, demo, child, "");
  return ExitCode::ok;
}

ExitCode run(const CommonOptions& common, const DemoOptions& options) {
  const std::string path = common.data_directory.empty() ? default_demo_directory() : common.data_directory;
  const bool running = PidFile::holder(PidFile::path_in(path)).has_value();
  auto demo = prepare_demo_directory(path, running ? std::nullopt : options.port_base);
  if (!demo) return refuse(common.output, demo.error());
  if (running) return tell_of_running(*demo, common.output);
  if (auto free = check_ports_free(*demo); !free) return refuse(common.output, free.error());
  if (options.detach) return detach(*demo, common.output);
  return serve_demo(*demo, common.output, [&] { tell(common.output, *demo, ::getpid(), ""); });
}

}  // namespace

void add_demo(CommandLine& line) {
  const auto options = std::make_shared<DemoOptions>();
  CLI::App& command = line.command("demo", "Serve example.test with three accounts on this machine only",
                                   [options](const CommonOptions& common) { return run(common, *options); });
  command
      .add_option("--port-base", options->port_base,
                  "Ports are this plus 24, 80, 110, 143, 443, 465, 587, 993, 995 (10000)")
      ->type_name("N");
  command.add_flag("--detach", options->detach, "Return once it serves; it runs on in the background");
  command.footer(kFooter);
}

}  // namespace postern::cli
