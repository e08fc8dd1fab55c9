// The supervisor, run in a child process; its workers are this program again, in the role that ROLE names.
#include "gateway/supervisor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>

#include "gateway/net/descriptor.h"

namespace postern {
namespace {

constexpr const char* kRole = "SUPERVISOR_TEST_ROLE";
constexpr const char* kReport = "SUPERVISOR_TEST_FD";

void tell(char word) {
  [[maybe_unused]] const ssize_t written = ::write(std::atoi(std::getenv(kReport)), &word, 1);
}

[[noreturn]] void be_worker(const WorkerPlace& place) {
  const std::string role = std::getenv(kRole);
  sigset_t heard;
  sigemptyset(&heard);
  for (const int signal : {SIGTERM, SIGHUP}) sigaddset(&heard, signal);
  ::sigprocmask(SIG_BLOCK, &heard, nullptr);
  tell(static_cast<char>('0' + place.number));
  if (role == "crashing") ::raise(SIGKILL);
  if (role == "misconfigured") ::_exit(kExitConfiguration);
  if (role == "sharing") {
    char word = '-';
    [[maybe_unused]] const ssize_t got = ::pread(place.shared_descriptor, &word, 1, 0);
    tell(word);
  }
  announce_ready(place);
  while (true) {
    int signal = 0;
    sigwait(&heard, &signal);
    if (signal == SIGHUP) tell('h');
    if (signal == SIGTERM && role != "deaf") {
      tell('t');
      ::_exit(0);
    }
  }
}

// Before main(), so that a worker never becomes a test run.
const bool kNotAWorker = [] {
  if (const auto place = worker_place()) be_worker(*place);
  return true;
}();

class SupervisorTest : public ::testing::Test {
 protected:
  SupervisorTest() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    reports_.reset(ends[0]);
    theirs_.reset(ends[1]);
    ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  }
  ~SupervisorTest() override {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  void start(const char* role, int workers, Milliseconds drain_limit = Milliseconds(20'000),
             Result<void> before = {}) {
    ::setenv(kRole, role, 1);
    ::setenv(kReport, std::to_string(theirs_.get()).c_str(), 1);
    pid_ = ::fork();
    if (pid_ == 0) {
      SupervisorOptions options;
      options.workers = workers;
      options.worker_argv = {"worker"};
      options.drain_limit = drain_limit;
      options.shared_descriptor = shared_.get();
      options.before_workers = [before] {
        tell('b');
        return before;
      };
      options.after_workers = [] { tell('a'); };
      options.on_ready = [] { tell('R'); };
      ::_exit(supervise(std::move(options)));
    }
    theirs_.reset();
  }
  // What was told until `last` came; to the end, when all who could tell something are gone, if that is 0.
  std::string told(char last) {
    std::string words;
    char word = 0;
    pollfd readable{reports_.get(), POLLIN, 0};
    while (::poll(&readable, 1, 20'000) == 1 && ::read(reports_.get(), &word, 1) == 1) {
      words += word;
      if (word == last) break;
    }
    return words;
  }
  int exit_status() {
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  static std::map<char, int> counted(const std::string& words) {
    std::map<char, int> counts;
    for (const char word : words) ++counts[word];
    return counts;
  }

  Descriptor reports_;
  Descriptor theirs_;
  pid_t pid_ = 0;
  Descriptor shared_;
};

TEST_F(SupervisorTest, StartsReloadsAndDrains) {
  start("serving", 2);
  const std::string begin = told('R');
  EXPECT_EQ(begin.front(), 'b');
  EXPECT_EQ(counted(begin), (std::map<char, int>{{'b', 1}, {'0', 1}, {'1', 1}, {'R', 1}}));
  ::kill(pid_, SIGHUP);
  EXPECT_EQ(told('h'), "h");
  EXPECT_EQ(told('h'), "h");
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(told(0), "tta");
  EXPECT_EQ(exit_status(), 0);
}

TEST_F(SupervisorTest, RestartsACrashingWorker) {
  start("crashing", 1);
  EXPECT_EQ(told('0'), "b0");
  EXPECT_EQ(told('0'), "0");
  EXPECT_EQ(told('0'), "0");
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(told(0).back(), 'a');
  EXPECT_EQ(exit_status(), 0);
}

TEST_F(SupervisorTest, KillsADeafWorkerAfterTheDrainLimit) {
  start("deaf", 1, Milliseconds(10));
  told('R');
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(told(0), "a");
  EXPECT_EQ(exit_status(), 0);
}

TEST_F(SupervisorTest, SecondSignalDoesNotWait) {
  start("deaf", 1);
  told('R');
  ::kill(pid_, SIGTERM);
  ::kill(pid_, SIGINT);
  EXPECT_EQ(told(0), "a");
}

TEST_F(SupervisorTest, EndsWhenRestartingCannotHelp) {
  start("misconfigured", 1);
  EXPECT_EQ(told(0), "b0a");
  EXPECT_EQ(exit_status(), kExitConfiguration);
}

TEST_F(SupervisorTest, StartsNoWorkerIfWhatIsBeneathFails) {
  start("serving", 1, Milliseconds(0), Error(ErrorKind::unavailable, "no database"));
  EXPECT_EQ(told(0), "b");
  EXPECT_EQ(exit_status(), 1);
}

TEST_F(SupervisorTest, WorkersFindTheSharedDescriptorOpen) {
  shared_.reset(::memfd_create("shared", MFD_CLOEXEC));
  ASSERT_EQ(::write(shared_.get(), "s", 1), 1);
  start("sharing", 2);
  EXPECT_EQ(counted(told('R')), (std::map<char, int>{{'b', 1}, {'0', 1}, {'1', 1}, {'s', 2}, {'R', 1}}));
  ::kill(pid_, SIGTERM);
  EXPECT_EQ(told(0), "tta");
}

TEST_F(SupervisorTest, WorkersEndWhenItDies) {
  start("serving", 2);
  told('R');
  ::kill(pid_, SIGKILL);
  EXPECT_EQ(told(0), "tt");
}

}  // namespace
}  // namespace postern
