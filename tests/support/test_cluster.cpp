#include "tests/support/test_cluster.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "gateway/async/task_scope.h"
#include "gateway/base/text.h"
#include "storage/postgres/child_process.h"
#include "storage/postgres/migrate.h"

namespace postern::tests {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error("test cluster: " + result.error().detail);
  return *std::move(result);
}
void must(const Result<void>& result) {
  if (!result) throw std::runtime_error("test cluster: " + result.error().detail);
}

void execute(const std::string& conninfo, const std::string& sql) {
  PGconn* connection = PQconnectdb(conninfo.c_str());
  PGresult* result = PQexec(connection, sql.c_str());
  const bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
  const std::string reason = PQerrorMessage(connection);
  PQclear(result);
  PQfinish(connection);
  if (!done) throw std::runtime_error("test cluster: " + reason);
}

// The folder's name carries our process, so that a later run can clear away what a killed one has left.
void remove_leftovers(const fs::path& parent, const std::string& prefix) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const auto owner =
        text::number(std::string_view(name).substr(prefix.size(), name.rfind('-') - prefix.size()));
    if (owner && !fs::exists("/proc/" + std::to_string(*owner))) fs::remove_all(entry.path(), ignored);
  }
}

Task<void> migrate_all(postgres::Database& database, Result<std::vector<postgres::Migration>>& out) {
  out = co_await postgres::migrate(database);
  co_await database.close();
}

void migrate_blocking(const std::string& conninfo) {
  Loop loop;
  const DatabaseSettings settings;
  Result<std::vector<postgres::Migration>> done = Error(ErrorKind::internal, "migration did not finish");
  postgres::Database database(loop, conninfo, settings, Log::silent());
  TaskScope scope(loop);
  scope.start(migrate_all(database, done));
  loop.run();
  must(std::move(done));
}

}  // namespace

struct TestCluster::State {
  std::string programs;
  std::string folder;
  std::string server;  // conninfo without dbname
  std::optional<postgres::Identity> identity;
  pid_t postmaster = 0;
  bool ours = true;
  std::vector<std::string> databases;
  bool has_template = false;

  std::string conninfo(const std::string& database) const { return server + " dbname=" + database; }
  std::string template_name() const { return "postern_template" + std::to_string(getpid()); }
  std::string create_database(const std::string& name, const std::string& how) {
    execute(conninfo("postgres"), "CREATE DATABASE " + name + " " + how);
    databases.push_back(name);
    return conninfo(name);
  }
  std::string new_name() const {
    return "t" + std::to_string(getpid()) + "_" + std::to_string(databases.size());
  }

  void create() {
    programs = must(postgres::server_programs());
    const fs::path parent = fs::exists("/tmp") ? fs::path("/tmp") : fs::temp_directory_path();
    const std::string prefix = "postern-test-";
    remove_leftovers(parent, prefix);
    std::string name = (parent / (prefix + std::to_string(getpid()) + "-XXXXXX")).string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("test cluster: no temporary folder");
    folder = name;
    if (geteuid() == 0) {
      identity = must(postgres::identity_of("postgres"));
      if (chown(folder.c_str(), identity->user, identity->group) != 0) throw std::runtime_error("chown");
    }
    server = "host=" + folder + " user=postern";
    postgres::Command initdb;
    initdb.arguments = {programs + "/initdb",
                        "-D",
                        folder + "/pg",
                        "-U",
                        "postern",
                        "-A",
                        "trust",
                        "-E",
                        "UTF8",
                        "--lc-collate=C",
                        "--lc-ctype=C.UTF-8",
                        "--no-sync",
                        "--no-instructions"};
    initdb.output_file = folder + "/initdb.log";
    initdb.identity = identity;
    must(postgres::run_child(initdb));
  }

  void start() {
    postgres::Command command;
    command.arguments = {programs + "/postgres", "-D", folder + "/pg", "-k", folder};
    for (const char* setting :
         {"listen_addresses=", "fsync=off", "full_page_writes=off", "shared_buffers=64MB",
          "max_connections=100", "wal_level=minimal", "max_wal_senders=0", "log_min_messages=log", "jit=off",
          "unix_socket_permissions=0700", "restart_after_crash=on"}) {
      command.arguments.emplace_back("-c");
      command.arguments.emplace_back(setting);
    }
    command.output_file = folder + "/server.log";
    command.identity = identity;
    postmaster = must(postgres::start_child(command));
    const std::string probe = conninfo("postgres");
    while (PQping(probe.c_str()) != PQPING_OK) {
      int status = 0;
      if (postgres::child_ended(postmaster, &status)) {
        postmaster = 0;
        throw std::runtime_error("test cluster: " + postgres::last_lines(command.output_file));
      }
      std::this_thread::sleep_for(10ms);
    }
  }

  void stop(int signal_number) {
    if (postmaster == 0) return;
    kill(postmaster, signal_number);
    int status = 0;
    if (!postgres::child_ends_within(postmaster, 30s, &status)) {
      kill(postmaster, SIGKILL);
      postgres::child_ends_within(postmaster, 30s, &status);
    }
    postmaster = 0;
  }

  void drop_databases() noexcept try {
    for (const std::string& name : databases) {
      execute(conninfo("postgres"), "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
  }

  ~State() {
    if (!ours) drop_databases();
    // The data are thrown away, so nothing needs to be written any more.
    stop(SIGQUIT);
    std::error_code ignored;
    if (!folder.empty()) fs::remove_all(folder, ignored);
  }
};

TestCluster& TestCluster::get() {
  static TestCluster cluster;
  return cluster;
}

TestCluster::TestCluster() : state_(std::make_unique<State>()) {
  if (const char* given = std::getenv("POSTERN_TEST_CLUSTER")) {
    state_->server = given;
    state_->ours = false;
    return;
  }
  state_->create();
  state_->start();
}

TestCluster::~TestCluster() = default;

std::string TestCluster::fresh_database() {
  const std::string source = state_->template_name();
  if (!state_->has_template) {
    migrate_blocking(state_->create_database(source, "TEMPLATE template0 ENCODING 'UTF8'"));
    state_->has_template = true;
  }
  return state_->create_database(state_->new_name(), "TEMPLATE " + source + " STRATEGY file_copy");
}

std::string TestCluster::empty_database() {
  return state_->create_database(state_->new_name(), "TEMPLATE template0 ENCODING 'UTF8'");
}

int TestCluster::postmaster_pid() const {
  return state_->postmaster;
}

void TestCluster::stop(const std::string& mode) {
  state_->stop(mode == "immediate" ? SIGQUIT : SIGINT);
}
void TestCluster::start() {
  state_->start();
}

}  // namespace postern::tests
