#include "gateway/cli/server.h"

#include <filesystem>
#include <thread>

#include "gateway/base/machine.h"
#include "gateway/base/metrics.h"
#include "gateway/cli/with_store.h"
#include "gateway/net/descriptor.h"
#include "gateway/supervisor.h"

namespace postern::cli {

namespace {

constexpr int kDatabaseRestartsMax = 5;
constexpr std::chrono::seconds kDatabaseRestartPause{2};

class Server {
 public:
  explicit Server(const ServerPlan& plan) : plan_(plan), log_(log_for(plan.settings)) {}

  ExitCode run() {
    if (auto locked = lock_data_directory(); !locked) return refuse(locked.error());
    SupervisorOptions options;
    options.workers = workers();
    options.worker_argv = {"postern", "worker", "--config", plan_.config_file};
    if (plan_.has_demo_page) options.worker_argv.push_back("--demo-page");
    options.drain_limit = std::chrono::seconds(plan_.settings.server.drain_limit_s);
    options.before_workers = [this] { return before_workers(); };
    options.after_workers = [this] { access_.embedded.reset(); };
    options.on_other_child = [this] { keep_database(); };
    options.on_ready = [this] { on_ready(); };
    options.log = log_;
    // Without it the server serves as well, and each worker tells of itself alone.
    if (auto shared = Metrics::allocate(static_cast<std::size_t>(options.workers))) {
      counting_.reset(*shared);
      options.shared_descriptor = counting_.get();
    }
    const int status = supervise(std::move(options));
    if (status == kExitConfiguration) return ExitCode::configuration;
    if (failure_) return refuse(*failure_);
    return status == 0 ? ExitCode::ok : ExitCode::failed;
  }

 private:
  int workers() const {
    const std::uint32_t asked = plan_.settings.server.workers;
    return static_cast<int>(asked != 0 ? asked : processor_cores());
  }

  // Two servers on one data directory would be two PostgreSQLs on the same files.
  Result<void> lock_data_directory() {
    const std::string& directory = plan_.settings.server.data_directory;
    std::error_code failure;
    std::filesystem::create_directories(directory, failure);
    auto lock = PidFile::take(PidFile::path_in(directory));
    if (lock) {
      access_.lock = std::make_unique<PidFile>(*std::move(lock));
      return {};
    }
    if (lock.error().kind == ErrorKind::already_exists) {
      return Error(ErrorKind::already_exists, "another postern serves " + directory);
    }
    // With a database elsewhere nothing of ours is in the directory.
    if (!plan_.settings.database.url.empty()) return {};
    return std::move(lock).error();
  }

  Result<void> before_workers() {
    auto prepared = prepare_database();
    if (!prepared) failure_ = prepared.error();
    return prepared;
  }

  Result<void> prepare_database() {
    const Settings& settings = plan_.settings;
    access_.conninfo = settings.database.url;
    if (access_.conninfo.empty()) {
      TRY(access_.embedded,
          postgres::EmbeddedServer::start(settings.server.data_directory, settings.server.user, log_));
      access_.conninfo = access_.embedded->conninfo();
      access_.lock->note(note_of(access_.conninfo, ServerState::starting));
    }
    TRY_VOID(migrate_now(access_.conninfo, settings, log_));
    if (plan_.prepare) return plan_.prepare(access_.conninfo);
    return {};
  }

  void on_ready() {
    if (access_.lock) access_.lock->note(note_of(access_.conninfo, ServerState::ready));
    if (plan_.on_ready) plan_.on_ready();
  }

  // PostgreSQL mends the end of its own children; only when it is gone as a whole it is ours to start.
  void keep_database() {
    for (int attempt = 1; access_.embedded && access_.embedded->ended(); ++attempt) {
      log_.event(Level::error, "database.ended", {{"attempt", attempt}});
      auto restarted = access_.embedded->restart();
      if (restarted) return;
      log_.event(Level::error, "database.restart", {{"reason", restarted.error().detail}});
      if (attempt >= kDatabaseRestartsMax) return;
      std::this_thread::sleep_for(kDatabaseRestartPause);
    }
  }

  ExitCode refuse(const Error& error) const {
    print_error(plan_.output, error);
    return exit_code_for(error.kind);
  }

  const ServerPlan& plan_;
  const Log log_;
  DatabaseAccess access_;
  Descriptor counting_;
  std::optional<Error> failure_;
};

}  // namespace

ExitCode run_server(const ServerPlan& plan) {
  return Server(plan).run();
}

}  // namespace postern::cli
