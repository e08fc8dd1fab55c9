#include "tests/support/gateway_in_process.h"

#include <stdlib.h>

#include <filesystem>
#include <map>
#include <stdexcept>

#include "gateway/async/task_scope.h"
#include "gateway/net/listener.h"
#include "gateway/net/self_signed.h"
#include "protocols/front_ends.h"
#include "protocols/shared/login.h"
#include "protocols/shared/session_reports.h"
#include "storage/postgres/open_store.h"

namespace postern::tests {

namespace {

// One for all gateways of the process: making a key takes time.
TlsContext& tls_context() {
  static const std::unique_ptr<TlsContext> context = [] {
    std::string directory = (std::filesystem::temp_directory_path() / "postern-tls-XXXXXX").string();
    if (mkdtemp(directory.data()) == nullptr) throw std::runtime_error("no temporary directory");
    auto files = make_self_signed({"mail.example.test"}, directory);
    if (!files) throw std::runtime_error(files.error().detail);
    auto loaded = TlsContext::load({*files});
    std::filesystem::remove_all(directory);
    if (!loaded) throw std::runtime_error(loaded.error().detail);
    return *std::move(loaded);
  }();
  return *context;
}

template <class DoorSettings>
void at_any_port(DoorSettings& door) {
  door.endpoints = {{"127.0.0.1", 0, "starttls", {}}, {"127.0.0.1", 0, "implicit", {}}};
}

Task<void> close_down(Listener& listener, SessionReports& reports, Store& store) {
  co_await listener.drained(Deadline::after(Milliseconds(5000)));
  co_await reports.close();
  co_await store.close();
}

}  // namespace

struct GatewayInProcess::Worker {
  std::unique_ptr<Store> store;
  LiveSessions live;
  std::unique_ptr<SessionReports> reports;
  std::unique_ptr<Login> login;
  std::vector<std::unique_ptr<FrontEnd>> doors;
  std::unique_ptr<Listener> listener;
  std::unique_ptr<TaskScope> scope;
  std::map<std::string, std::vector<std::uint16_t>> ports;
  Clock clock;
  const Metrics metrics;
  LoopThread thread;  // declared last, so that it ends first
};

GatewayInProcess::GatewayInProcess(const std::string& conninfo, Settings settings, std::size_t workers,
                                   Milliseconds sessions_told_every)
    : settings_(std::move(settings)), sessions_told_every_(sessions_told_every) {
  at_any_port(settings_.imap);
  at_any_port(settings_.pop3);
  at_any_port(settings_.lmtp);
  at_any_port(settings_.http);
  at_any_port(settings_.submission);
  for (std::size_t i = 0; i < workers; ++i) {
    workers_.push_back(std::make_unique<Worker>());
    start(*workers_.back(), conninfo);
  }
}

void GatewayInProcess::start(Worker& worker, const std::string& conninfo) {
  worker.thread.call([&](Loop& loop, LoopThread::Outcome outcome) {
    try {
      const Log log =
          getenv("POSTERN_TEST_LOG") != nullptr ? Log(Level::debug, LogFormat::logfmt) : Log::silent();
      worker.store = postgres::open_store(loop, conninfo, settings_, worker.clock, log, worker.metrics);
      worker.login = std::make_unique<Login>(loop, *worker.store, settings_.login, worker.clock, log,
                                             worker.metrics, &worker.live);
      worker.doors = make_front_ends(
          settings_, Services{loop, *worker.store, *worker.login, worker.clock, log, worker.metrics});
      auto listener = Listener::create(loop, log, ListenerLimits(), &tls_context(), 0, worker.metrics);
      if (!listener) throw std::runtime_error(listener.error().detail);
      worker.listener = *std::move(listener);
      worker.listener->on_end([&worker](std::uint64_t session) { worker.live.ended(session); });
      auto end_session = [&worker](std::uint64_t session) { worker.listener->end_session(session); };
      worker.reports = std::make_unique<SessionReports>(loop, worker.store->sessions(), worker.live, "node",
                                                        log, std::move(end_session), sessions_told_every_);
      for (const auto& door : worker.doors) {
        auto opened = worker.listener->open(*door);
        if (!opened) throw std::runtime_error(opened.error().detail);
        for (std::size_t endpoint = 0; endpoint < door->endpoints().size(); ++endpoint) {
          worker.ports[std::string(door->name())].push_back(worker.listener->port(*door, endpoint));
        }
      }
      outcome.done();
    } catch (...) {
      outcome.failed(std::current_exception());
    }
  });
}

GatewayInProcess::~GatewayInProcess() {
  stop();
  for (const auto& owned : workers_) {
    Worker& worker = *owned;
    worker.thread.call([&worker](Loop& loop, LoopThread::Outcome outcome) {
      worker.scope = std::make_unique<TaskScope>(loop);
      worker.scope->start(close_down(*worker.listener, *worker.reports, *worker.store));
      // Polled from the loop itself: the scope has one waiter, and it must not be a frame that it owns.
      auto look = std::make_shared<std::function<void()>>();
      *look = [&worker, &loop, outcome, look] {
        if (worker.scope->running() > 0) {
          loop.post(*look);
          return;
        }
        worker.scope.reset();
        worker.reports.reset();
        worker.listener.reset();
        worker.doors.clear();
        worker.login.reset();
        worker.store.reset();
        loop.post([look] { *look = nullptr; });
        outcome.done();
      };
      loop.post(*look);
    });
  }
}

std::uint16_t GatewayInProcess::port(std::size_t worker, const std::string& door, bool implicit_tls) const {
  return workers_.at(worker)->ports.at(door).at(implicit_tls ? 1 : 0);
}

void GatewayInProcess::stop() {
  for (const auto& worker : workers_) {
    worker->thread.call([&worker](Loop&, LoopThread::Outcome outcome) {
      worker->listener->stop();
      outcome.done();
    });
  }
}

}  // namespace postern::tests
