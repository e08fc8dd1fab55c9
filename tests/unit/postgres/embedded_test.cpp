// The embedded server: created once, stopped and started, a leftover cleared away.
#include "storage/postgres/embedded.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "storage/postgres/embedded_settings.h"
#include "tests/unit/postgres/database_fixture.h"

namespace postern::postgres {
namespace {

namespace fs = std::filesystem;

class Embedded : public DatabaseFixture {
 protected:
  Embedded() {
    std::string name = (fs::temp_directory_path() / "postern-embedded-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~Embedded() override {
    close();
    server_.reset();
    fs::remove_all(folder_);
  }
  void start() {
    server_ = must(EmbeddedServer::start(folder_, "postgres", Log::silent()));
    conninfo_ = server_->conninfo();
  }
  std::string folder_;
  std::unique_ptr<EmbeddedServer> server_;
};

TEST_F(Embedded, KeepsItsDataOverStopRestartCrashAndLeftover) {
  start();
  struct stat facts {};
  ASSERT_EQ(stat((folder_ + "/postgres").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700U);
  EXPECT_TRUE(geteuid() != 0 || facts.st_uid != 0);
  execute("CREATE TABLE t AS SELECT 7::bigint AS n");
  constexpr Statement kSettings{"embedded_settings", R"sql(
    SELECT current_setting('fsync') || current_setting('listen_addresses') || current_setting('synchronous_commit'),
           lower('ÄÖ'))sql"};
  const Rows rows = must(query(Lane::read, kSettings, Params()));
  EXPECT_EQ(rows[0].get<std::string>(0), "onon");
  EXPECT_EQ(rows[0].get<std::string>(1), "äö");

  // A second supervisor on the same data is refused while the first lives.
  EXPECT_EQ(EmbeddedServer::start(folder_, "postgres", Log::silent()).error().kind, ErrorKind::unavailable);

  EXPECT_FALSE(server_->ended());
  kill(server_->pid(), SIGKILL);
  while (!server_->ended()) usleep(1000);
  ASSERT_TRUE(server_->restart());
  EXPECT_EQ(number("SELECT n FROM t"), 7);
  close();

  server_->stop();
  EXPECT_TRUE(server_->ended());
  server_.reset();
  start();
  EXPECT_EQ(number("SELECT n FROM t"), 7);
}

TEST_F(Embedded, ALeftoverServerIsReplaced) {
  // A supervisor in another process starts it and dies without a word; the server outlives it for a while.
  const pid_t supervisor = fork();
  if (supervisor == 0) {
    auto server = EmbeddedServer::start(folder_, "postgres", Log::silent());
    if (!server) _exit(1);
    // Stopped, it cannot follow the signal that our death sends it.
    kill((*server)->pid(), SIGSTOP);
    std::ofstream(folder_ + "/started") << (*server)->pid();
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(supervisor, &status, 0), supervisor);
  ASSERT_EQ(status, 0);
  pid_t left = 0;
  std::ifstream(folder_ + "/started") >> left;
  ASSERT_GT(left, 0);
  kill(left, SIGCONT);
  start();
  EXPECT_NE(server_->pid(), left);
  EXPECT_EQ(number("SELECT 1::bigint"), 1);
}

TEST_F(Embedded, APathTooLongForASocketIsInvalid) {
  const auto refused = EmbeddedServer::start(folder_ + "/" + std::string(90, 'x'), "postgres", Log::silent());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
}

TEST_F(Embedded, ARunningAsRootIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  EXPECT_EQ(EmbeddedServer::start(folder_, "root", Log::silent()).error().kind, ErrorKind::invalid);
  EXPECT_EQ(EmbeddedServer::start(folder_, "no-such-user", Log::silent()).error().kind, ErrorKind::not_found);
}

TEST(EmbeddedSettings, BuffersFollowMemoryWithinBounds) {
  EXPECT_NE(embedded_settings(std::uint64_t{1} << 40).find("shared_buffers = 512MB"), std::string::npos);
  EXPECT_NE(embedded_settings(std::uint64_t{1} << 30).find("shared_buffers = 256MB"), std::string::npos);
  EXPECT_NE(embedded_settings(std::uint64_t{1} << 20).find("shared_buffers = 64MB"), std::string::npos);
}

}  // namespace
}  // namespace postern::postgres
