#include "storage/postgres/child_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gateway/base/text.h"

namespace postern::postgres {

namespace {

using namespace std::chrono_literals;

constexpr auto kPollInterval = 10ms;
constexpr std::streamoff kLastOctets = 1000;

// In the child between fork and exec: only what is safe in a process that had threads.
[[noreturn]] void become(char* const* arguments, const Identity* identity, int output, pid_t parent) {
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (identity != nullptr) {
    if (setgroups(identity->groups.size(), identity->groups.data()) != 0) _exit(126);
    if (setgid(identity->group) != 0 || setuid(identity->user) != 0) _exit(126);
  }
  // After the change of user, which would clear it; and the parent may be gone by now.
  prctl(PR_SET_PDEATHSIG, SIGINT);
  if (getppid() != parent) _exit(126);
  const int null = open("/dev/null", O_RDONLY);
  if (null >= 0) dup2(null, 0);
  if (output >= 0) {
    dup2(output, 1);
    dup2(output, 2);
  }
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

Result<Identity> identity_of(const std::string& user_name) {
  const passwd* entry = getpwnam(user_name.c_str());
  if (entry == nullptr) return Error(ErrorKind::not_found, "no user " + user_name);
  Identity identity;
  identity.user = entry->pw_uid;
  identity.group = entry->pw_gid;
  int count = 64;
  identity.groups.resize(static_cast<std::size_t>(count));
  if (getgrouplist(user_name.c_str(), entry->pw_gid, identity.groups.data(), &count) < 0) count = 0;
  identity.groups.resize(static_cast<std::size_t>(count));
  return identity;
}

Result<pid_t> start_child(const Command& command) {
  std::vector<std::string> copies = command.arguments;
  std::vector<char*> arguments;
  for (std::string& argument : copies) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  int output = -1;
  if (!command.output_file.empty()) {
    output = open(command.output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (output < 0) return Error(ErrorKind::unavailable, command.output_file + ": " + std::strerror(errno));
  }
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    become(arguments.data(), command.identity ? &*command.identity : nullptr, output, parent);
  }
  const int problem = errno;
  if (output >= 0) close(output);
  if (child < 0) return Error(ErrorKind::unavailable, std::string("fork: ") + std::strerror(problem));
  return child;
}

bool child_ended(pid_t child, int* exit_status) {
  pid_t found = 0;
  do {
    found = waitpid(child, exit_status, WNOHANG);
  } while (found < 0 && errno == EINTR);
  return found != 0;
}

bool child_ends_within(pid_t child, std::chrono::milliseconds limit, int* exit_status) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!child_ended(child, exit_status)) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

Result<void> run_child(const Command& command) {
  TRY(const pid_t child, start_child(command));
  int status = 0;
  while (!child_ends_within(child, 1h, &status)) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Error(ErrorKind::unavailable,
               command.arguments.front() + " failed: " + last_lines(command.output_file));
}

std::string last_lines(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in ? std::streamoff(in.tellg()) : 0;
  if (size <= 0) return {};
  std::string tail(static_cast<std::size_t>(std::min(size, kLastOctets)), '\0');
  in.seekg(size - static_cast<std::streamoff>(tail.size()));
  in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  return std::string(text::trim(tail));
}

Result<std::string> server_programs() {
  std::string best;
  std::uint64_t best_version = 14;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
    const auto version = text::number(entry.path().filename().string(), 1000);
    const std::string folder = entry.path().string() + "/bin";
    if (!version || *version <= best_version || access((folder + "/postgres").c_str(), X_OK) != 0) continue;
    best_version = *version;
    best = folder;
  }
  for (const char* folder : {"/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"}) {
    if (best.empty() && access((std::string(folder) + "/postgres").c_str(), X_OK) == 0) best = folder;
  }
  if (best.empty()) return Error(ErrorKind::not_found, "no PostgreSQL server (15 or later) is installed");
  return best;
}

}  // namespace postern::postgres
