#include "storage/postgres/embedded.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gateway/base/machine.h"
#include "gateway/base/text.h"
#include "storage/postgres/child_process.h"
#include "storage/postgres/embedded_settings.h"

namespace postern::postgres {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto kFastStopLimit = 30s;
constexpr auto kStopLimit = 5s;
constexpr auto kStartLimit = 120s;  // crash recovery may have much to read
constexpr auto kPollInterval = 20ms;
constexpr const char* kSocketName = "/.s.PGSQL.5432";

Error cannot(const std::string& what, int problem) {
  return Error(ErrorKind::unavailable, "embedded database: " + what + ": " + std::strerror(problem));
}

Result<void> make_folder(const fs::path& folder, mode_t mode, const std::optional<Identity>& owner) {
  std::error_code problem;
  const bool is_new = fs::create_directories(folder, problem);
  if (problem) return cannot(folder.string(), problem.value());
  if (is_new && chmod(folder.c_str(), mode) != 0) return cannot(folder.string(), errno);
  if (owner && chown(folder.c_str(), owner->user, owner->group) != 0) return cannot(folder.string(), errno);
  return {};
}

// The server, as another user, must be able to walk down to its folder. Ours is opened for passing through;
// what is above it is the administrator's.
Result<void> make_passable(const fs::path& data_directory) {
  struct stat facts {};
  if (stat(data_directory.c_str(), &facts) != 0) return cannot(data_directory.string(), errno);
  if (chmod(data_directory.c_str(), (facts.st_mode & 07777) | S_IXOTH) != 0) {
    return cannot(data_directory.string(), errno);
  }
  for (fs::path above = fs::absolute(data_directory).parent_path(); above != above.root_path();
       above = above.parent_path()) {
    if (stat(above.c_str(), &facts) == 0 && (facts.st_mode & S_IXOTH) == 0) {
      return Error(ErrorKind::unavailable,
                   "embedded database: its user cannot pass through " + above.string());
    }
  }
  return {};
}

Result<std::optional<Identity>> server_identity(const std::string& run_as) {
  if (geteuid() != 0) return std::optional<Identity>();
  Result<Identity> identity = identity_of(run_as.empty() ? "postgres" : run_as);
  if (!identity && (run_as.empty() || run_as == "postgres")) identity = identity_of("nobody");
  if (!identity) return std::move(identity).error();
  if (identity->user == 0)
    return Error(ErrorKind::invalid, "embedded database: PostgreSQL does not run as root");
  return std::optional<Identity>(*std::move(identity));
}

// The process that postmaster.pid names, if it is a server of this data directory.
pid_t leftover_server(const std::string& data) {
  std::ifstream file(data + "/postmaster.pid");
  std::string line;
  if (!std::getline(file, line)) return 0;
  const auto pid = text::number(text::trim(line), INT32_MAX);
  if (!pid || *pid == 0) return 0;
  std::error_code ignored;
  const fs::path works_in = fs::read_symlink("/proc/" + std::to_string(*pid) + "/cwd", ignored);
  return works_in == fs::canonical(data, ignored) ? static_cast<pid_t>(*pid) : 0;
}

bool gone_within(pid_t process, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (kill(process, 0) == 0) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

Result<void> execute(const std::string& conninfo, const std::string& sql,
                     std::string_view tolerated_sqlstate) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(conninfo.c_str()), &PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), &PQclear);
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return {};
  const char* sqlstate = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  if (sqlstate != nullptr && tolerated_sqlstate == sqlstate) return {};
  return Error(ErrorKind::unavailable, "embedded database: " + std::string(PQerrorMessage(connection.get())));
}

}  // namespace

struct EmbeddedServer::State {
  explicit State(Log l) : log(std::move(l)) {}
  ~State() {
    if (lock >= 0) close(lock);
  }

  Log log;
  std::string programs;
  std::string folder;  // everything of the server: data, socket, log of its start
  std::optional<Identity> identity;
  int lock = -1;
  pid_t process = 0;
  // A worker forked from the supervisor has this object too, but the server is not its child.
  const pid_t owner = getpid();

  std::string data() const { return folder + "/data"; }
  std::string start_log() const { return folder + "/start.log"; }
  std::string conninfo(const std::string& database) const {
    return "host=" + folder + " port=5432 dbname=" + database + " user=postern";
  }

  Result<void> take_lock();
  Result<void> initialise();
  Result<void> stop_leftover();
  Result<void> launch();
  Result<void> wait_until_ready();
};

// One supervisor for one data directory. A lock of the kernel and not a file with a number: it cannot be
// stale, and it holds across containers that share a volume on one machine.
Result<void> EmbeddedServer::State::take_lock() {
  const std::string file = folder + "/lock";
  lock = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return cannot(file, errno);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return Error(ErrorKind::unavailable, "embedded database: another Postern uses " + folder);
  }
  return {};
}

Result<void> EmbeddedServer::State::initialise() {
  std::error_code ignored;
  if (fs::exists(data() + "/PG_VERSION", ignored)) return {};
  // In a folder of another name first, so that an interrupted initdb is never taken for a database.
  const std::string unfinished = folder + "/data.new";
  fs::remove_all(unfinished, ignored);
  log.event(Level::info, "embedded.initialise", {{"folder", data()}});
  Command initdb;
  initdb.arguments = {programs + "/initdb", "-D", unfinished, "-U", "postern", "-E", "UTF8",
                      // Octet order, which every index can use; case is folded as Unicode has it.
                      "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C", "--data-checksums",
                      // Who may enter the folder (its owner) may enter the database; nobody else can.
                      "--auth-local=trust", "--auth-host=reject", "--no-instructions"};
  initdb.output_file = start_log();
  initdb.identity = identity;
  TRY_VOID(run_child(initdb));
  std::ofstream(unfinished + "/postgresql.conf", std::ios::trunc) << kEmbeddedMainFile;
  if (rename(unfinished.c_str(), data().c_str()) != 0) return cannot(data(), errno);
  return {};
}

Result<void> EmbeddedServer::State::stop_leftover() {
  const pid_t left = leftover_server(data());
  if (left == 0) return {};
  log.event(Level::warning, "embedded.leftover", {{"pid", left}});
  for (const int signal_number : {SIGINT, SIGQUIT, SIGKILL}) {
    if (kill(left, signal_number) != 0 && errno == EPERM)
      return cannot("stopping the server left behind", EPERM);
    if (gone_within(left, signal_number == SIGINT ? kFastStopLimit : kStopLimit)) return {};
  }
  return Error(ErrorKind::unavailable, "embedded database: the server left behind does not stop");
}

Result<void> EmbeddedServer::State::launch() {
  const std::string settings_file = data() + "/postern.conf";
  std::ofstream(settings_file, std::ios::trunc) << embedded_settings(usable_memory_octets());
  if (identity && chown(settings_file.c_str(), identity->user, identity->group) != 0) {
    return cannot(settings_file, errno);
  }
  if (truncate(start_log().c_str(), 0) != 0 && errno != ENOENT) return cannot(start_log(), errno);
  Command server;
  server.arguments = {programs + "/postgres", "-D", data(), "-k", folder, "-p", "5432", "-c",
                      "listen_addresses="};
  server.output_file = start_log();
  server.identity = identity;
  // Sessions of a server that was killed may take a moment to notice; until then its memory is in use.
  const auto until = std::chrono::steady_clock::now() + kStopLimit;
  while (true) {
    TRY(process, start_child(server));
    Result<void> ready = wait_until_ready();
    const bool memory_in_use =
        !ready && ready.error().detail.find("shared memory block") != std::string::npos;
    if (!memory_in_use || std::chrono::steady_clock::now() >= until) return ready;
    std::this_thread::sleep_for(kPollInterval);
  }
}

Result<void> EmbeddedServer::State::wait_until_ready() {
  const auto until = std::chrono::steady_clock::now() + kStartLimit;
  const std::string probe = conninfo("postgres");
  while (PQping(probe.c_str()) != PQPING_OK) {
    int status = 0;
    if (child_ended(process, &status)) {
      process = 0;
      return Error(ErrorKind::unavailable, "embedded database did not start: " + last_lines(start_log()));
    }
    if (std::chrono::steady_clock::now() >= until) {
      return Error(ErrorKind::unavailable, "embedded database is not ready: " + last_lines(start_log()));
    }
    std::this_thread::sleep_for(kPollInterval);
  }
  constexpr std::string_view kExists = "42P04";
  TRY_VOID(execute(probe, "CREATE DATABASE postern TEMPLATE template0", kExists));
  log.event(Level::info, "embedded.ready", {{"pid", process}});
  return {};
}

Result<std::unique_ptr<EmbeddedServer>> EmbeddedServer::start(const std::string& data_directory,
                                                              const std::string& run_as, Log log) {
  std::unique_ptr<EmbeddedServer> server(new EmbeddedServer());
  server->state_ = std::make_unique<State>(std::move(log));
  State& state = *server->state_;
  state.folder = fs::absolute(data_directory).lexically_normal().string() + "/postgres";
  if (state.folder.size() + std::strlen(kSocketName) >= sizeof(sockaddr_un::sun_path)) {
    return Error(ErrorKind::invalid, "embedded database: the data directory's path is too long for a socket");
  }
  TRY(state.programs, server_programs());
  TRY(state.identity, server_identity(run_as));
  TRY_VOID(make_folder(data_directory, 0711, std::nullopt));
  if (state.identity) TRY_VOID(make_passable(data_directory));
  TRY_VOID(make_folder(state.folder, 0700, state.identity));
  TRY_VOID(state.take_lock());
  TRY_VOID(state.initialise());
  TRY_VOID(state.stop_leftover());
  TRY_VOID(state.launch());
  return server;
}

EmbeddedServer::~EmbeddedServer() {
  if (state_) stop();
}

std::string EmbeddedServer::conninfo() const {
  return state_->conninfo("postern");
}
int EmbeddedServer::pid() const {
  return state_->process;
}

void EmbeddedServer::stop() {
  if (state_->process == 0 || state_->owner != getpid()) return;
  int status = 0;
  for (const int signal_number : {SIGINT, SIGQUIT, SIGKILL}) {
    kill(state_->process, signal_number);
    if (child_ends_within(state_->process, signal_number == SIGINT ? kFastStopLimit : kStopLimit, &status))
      break;
    state_->log.event(Level::warning, "embedded.slow_stop", {{"pid", state_->process}});
  }
  state_->process = 0;
}

bool EmbeddedServer::ended() const {
  int status = 0;
  if (state_->process != 0 && state_->owner == getpid() && child_ended(state_->process, &status)) {
    state_->log.event(Level::error, "embedded.ended", {{"pid", state_->process}, {"status", status}});
    state_->process = 0;
  }
  return state_->process == 0;
}

Result<void> EmbeddedServer::restart() {
  stop();
  TRY_VOID(state_->stop_leftover());
  return state_->launch();
}

}  // namespace postern::postgres
