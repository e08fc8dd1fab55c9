// The pid file: one holder, and none once it has ended, however that happened.
#include "gateway/cli/pid_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

namespace postern::cli {
namespace {

class PidFileTest : public testing::Test {
 protected:
  PidFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "postern-pid-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    path_ = PidFile::path_in(directory_);
  }
  ~PidFileTest() override { std::filesystem::remove_all(directory_); }

  // A process that holds the file until it is killed.
  pid_t start_holder() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto file = PidFile::take(path_);
      if (!file) ::_exit(1);
      file->note("reach me here");
      [[maybe_unused]] const ssize_t told = ::write(ends[1], "x", 1);
      ::pause();
      ::_exit(0);
    }
    ::close(ends[1]);
    char word = 0;
    EXPECT_EQ(::read(ends[0], &word, 1), 1);
    ::close(ends[0]);
    return child;
  }

  std::string directory_;
  std::string path_;
};

TEST_F(PidFileTest, NobodyHoldsWhatIsNotThereOrStale) {
  EXPECT_FALSE(PidFile::holder(path_));
  { auto file = PidFile::take(path_); }
  EXPECT_TRUE(std::filesystem::exists(path_));
  EXPECT_FALSE(PidFile::holder(path_));
}

TEST_F(PidFileTest, HolderIsKnownUntilItIsKilled) {
  const pid_t child = start_holder();
  const auto holder = PidFile::holder(path_);
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->pid, child);
  EXPECT_EQ(holder->note, "reach me here");
  const auto second = PidFile::take(path_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::already_exists);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(PidFile::holder(path_));
  EXPECT_TRUE(PidFile::take(path_));
}

TEST_F(PidFileTest, UnwritableIsUnavailable) {
  const auto file = PidFile::take(directory_ + "/missing/postern.pid");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace postern::cli
