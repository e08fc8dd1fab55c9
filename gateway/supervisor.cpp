#include "gateway/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "gateway/base/text.h"
#include "gateway/net/descriptor.h"

namespace postern {

namespace {

constexpr Milliseconds kBackOffMin{100};
constexpr Milliseconds kBackOffMax{10'000};
constexpr Milliseconds kHealthyLife{60'000};
constexpr int kWorkersMax = 1024;
constexpr const char* kNumberVariable = "POSTERN_WORKER";
constexpr const char* kReadyVariable = "POSTERN_READY_FD";
constexpr const char* kSharedVariable = "POSTERN_SHARED_FD";

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

struct Worker {
  pid_t pid = 0;  // 0: not running
  Descriptor ready_pipe;
  bool ready = false;
  Milliseconds back_off = kBackOffMin;
  SteadyTime started;
  SteadyTime start_at;
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

class Supervisor {
 public:
  explicit Supervisor(SupervisorOptions options)
      : options_(std::move(options)),
        workers_(static_cast<std::size_t>(std::clamp(options_.workers, 1, kWorkersMax))) {}

  int run() {
    listen_to_signals();
    if (options_.before_workers) {
      if (auto done = options_.before_workers(); !done) {
        options_.log.event(Level::error, "supervisor.before", {{"reason", done.error().detail}});
        return 1;
      }
    }
    while (!stopping_ || any_alive()) {
      if (!stopping_) start_due();
      wait_for_events();
      if (stopping_ && now() >= kill_at_) signal_all(SIGKILL);
    }
    if (options_.after_workers) options_.after_workers();
    return exit_status_;
  }

 private:
  void listen_to_signals() {
    sigset_t heard;
    sigemptyset(&heard);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&heard, signal);
    ::sigprocmask(SIG_BLOCK, &heard, nullptr);
    signals_.reset(::signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  bool any_alive() const {
    return std::ranges::any_of(workers_, [](const Worker& worker) { return worker.pid != 0; });
  }

  void signal_all(int signal) {
    for (const auto& worker : workers_) {
      if (worker.pid != 0) ::kill(worker.pid, signal);
    }
  }

  void start_due() {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      if (workers_[i].pid == 0 && now() >= workers_[i].start_at) start(workers_[i], i);
    }
  }

  void start(Worker& worker, std::size_t number) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return plan_restart(worker);
    worker.ready_pipe.reset(ends[0]);
    const Descriptor theirs(ends[1]);
    // All memory is arranged before fork: the child may only make system calls.
    std::vector<std::string> argv = options_.worker_argv;
    std::vector<std::string> environment;
    environment.push_back(std::string(kNumberVariable) + "=" + std::to_string(number));
    environment.push_back(std::string(kReadyVariable) + "=" + std::to_string(theirs.get()));
    const int shared = options_.shared_descriptor;
    if (shared >= 0) environment.push_back(std::string(kSharedVariable) + "=" + std::to_string(shared));
    for (char** variable = environ; *variable != nullptr; ++variable) environment.emplace_back(*variable);
    const auto argv_pointers = pointers_to(argv);
    const auto environment_pointers = pointers_to(environment);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0)
      become_worker(theirs.get(), shared, parent, argv_pointers.data(), environment_pointers.data());
    if (pid < 0) return plan_restart(worker);
    worker.pid = pid;
    worker.started = now();
    worker.ready = false;
    options_.log.event(Level::info, "supervisor.start", {{"worker", number}, {"pid", pid}});
  }

  [[noreturn]] static void become_worker(int ready, int shared, pid_t parent, char* const* argv,
                                         char* const* environment) {
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    // The parent may have died before the line above.
    if (::getppid() != parent) ::_exit(1);
    ::fcntl(ready, F_SETFD, 0);
    if (shared >= 0) ::fcntl(shared, F_SETFD, 0);
    ::execve("/proc/self/exe", argv, environment);
    ::_exit(127);
  }

  static void plan_restart(Worker& worker) {
    worker.start_at = now() + worker.back_off;
    worker.back_off = std::min(worker.back_off * 2, kBackOffMax);
  }

  int timeout_ms() const {
    SteadyTime next = SteadyTime::max();
    if (stopping_) {
      next = kill_at_;
    } else {
      for (const auto& worker : workers_) {
        if (worker.pid == 0) next = std::min(next, worker.start_at);
      }
    }
    if (next == SteadyTime::max()) return -1;
    const auto left = std::chrono::ceil<Milliseconds>(next - now());
    return static_cast<int>(std::clamp<Milliseconds::rep>(left.count(), 0, 60'000));
  }

  void wait_for_events() {
    std::vector<pollfd> watched{{signals_.get(), POLLIN, 0}};
    std::vector<Worker*> starting;
    for (auto& worker : workers_) {
      if (!worker.ready_pipe) continue;
      watched.push_back({worker.ready_pipe.get(), POLLIN, 0});
      starting.push_back(&worker);
    }
    if (::poll(watched.data(), watched.size(), timeout_ms()) <= 0) return;
    for (std::size_t i = 0; i < starting.size(); ++i) {
      if (watched[i + 1].revents != 0) hear_ready(*starting[i]);
    }
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == sizeof info)
      on_signal(static_cast<int>(info.ssi_signo));
  }

  void hear_ready(Worker& worker) {
    char word = 0;
    worker.ready = ::read(worker.ready_pipe.get(), &word, 1) == 1;  // 0: it ended without a word
    worker.ready_pipe.reset();
    const bool all = std::ranges::all_of(workers_, [](const Worker& one) { return one.ready; });
    if (!all || std::exchange(ready_told_, true)) return;
    options_.log.event(Level::info, "supervisor.ready", {{"workers", workers_.size()}});
    if (options_.on_ready) options_.on_ready();
  }

  void on_signal(int signal) {
    if (signal == SIGCHLD) return reap();
    if (signal == SIGHUP) return signal_all(SIGHUP);
    options_.log.event(Level::info, "supervisor.stop", {{"signal", signal}});
    stop(stopping_ ? Milliseconds::zero() : options_.drain_limit);
  }

  void stop(Milliseconds limit) {
    stopping_ = true;
    kill_at_ = now() + limit;
    signal_all(SIGTERM);
  }

  // One by one, by number: other children belong to whoever started them.
  void reap() {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      int status = 0;
      if (workers_[i].pid != 0 && ::waitpid(workers_[i].pid, &status, WNOHANG) == workers_[i].pid) {
        on_end(workers_[i], i, status);
      }
    }
    if (!stopping_ && options_.on_other_child) options_.on_other_child();
  }

  void on_end(Worker& worker, std::size_t number, int status) {
    const bool by_signal = WIFSIGNALED(status);
    options_.log.event(
        stopping_ ? Level::info : Level::error, "supervisor.end",
        {{"worker", number},
         {"pid", worker.pid},
         {by_signal ? "signal" : "status", by_signal ? WTERMSIG(status) : WEXITSTATUS(status)}});
    worker.pid = 0;
    worker.ready = false;
    worker.ready_pipe.reset();
    if (stopping_) return;
    if (!by_signal && WEXITSTATUS(status) == kExitConfiguration) {
      exit_status_ = kExitConfiguration;
      return stop(options_.drain_limit);
    }
    if (now() - worker.started >= kHealthyLife) worker.back_off = kBackOffMin;
    plan_restart(worker);
  }

  SupervisorOptions options_;
  std::vector<Worker> workers_;
  Descriptor signals_;
  bool stopping_ = false;
  bool ready_told_ = false;
  SteadyTime kill_at_ = SteadyTime::max();
  int exit_status_ = 0;
};

std::optional<std::uint64_t> number_in(const char* variable, std::uint64_t max) {
  const char* value = std::getenv(variable);
  return value ? text::number(value, max) : std::nullopt;
}

}  // namespace

int supervise(SupervisorOptions options) {
  return Supervisor(std::move(options)).run();
}

std::optional<WorkerPlace> worker_place() {
  const auto number = number_in(kNumberVariable, kWorkersMax);
  const auto descriptor = number_in(kReadyVariable, INT32_MAX);
  if (!number || !descriptor) return std::nullopt;
  const auto shared = number_in(kSharedVariable, INT32_MAX);
  return WorkerPlace{static_cast<std::uint16_t>(*number), static_cast<int>(*descriptor),
                     shared ? static_cast<int>(*shared) : -1};
}

void announce_ready(const WorkerPlace& place) {
  const Descriptor pipe(place.ready_descriptor);
  [[maybe_unused]] const ssize_t written = ::write(pipe.get(), "r", 1);
}

}  // namespace postern
