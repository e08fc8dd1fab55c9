// postern worker: one of the processes that serve; started by the supervisor only. One loop, one store, all
// doors. Ends at SIGTERM when its sessions have; reads the certificates again at SIGHUP.
#include <csignal>

#include "gateway/async/task_scope.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/demo_directory.h"
#include "gateway/cli/pulse.h"
#include "gateway/cli/with_store.h"
#include "gateway/net/listener.h"
#include "gateway/net/privileges.h"
#include "gateway/supervisor.h"
#include "protocols/front_ends.h"
#include "protocols/shared/host_name.h"
#include "protocols/shared/login.h"
#include "protocols/shared/session_reports.h"
#include "protocols/submission/relay.h"
#include "storage/backup/backup_rounds.h"
#include "storage/postgres/open_store.h"

namespace postern::cli {

namespace {

ListenerLimits limits_of(const LimitSettings& settings) {
  ListenerLimits limits;
  limits.connections_max = settings.connections_max;
  limits.unauthenticated_max = settings.unauthenticated_max;
  limits.per_peer_max = settings.per_peer_max;
  limits.per_peer_unauthenticated_max = settings.per_peer_unauthenticated_max;
  limits.exempt_networks = settings.exempt_networks;
  limits.tls_handshake_max = std::chrono::seconds(settings.tls_handshake_s);
  return limits;
}

Result<std::unique_ptr<TlsContext>> load_tls(const TlsSettings& settings) {
  std::vector<CertificateFiles> files;
  for (const CertificateSettings& certificate : settings.certificates) {
    files.push_back({certificate.certificate_file, certificate.key_file, certificate.server_names});
  }
  if (files.empty()) return std::unique_ptr<TlsContext>();
  return TlsContext::load(std::move(files));
}

class Worker {
 public:
  Worker(const Settings& settings, std::string conninfo, std::unique_ptr<TlsContext> tls, Log log,
         Metrics metrics, std::optional<demo::Mailbox> demo)
      : settings_(settings),
        log_(std::move(log)),
        metrics_(std::move(metrics)),
        tls_(std::move(tls)),
        store_(postgres::open_store(loop_, std::move(conninfo), settings_, clock_, log_, metrics_)),
        login_(loop_, *store_, settings_.login, clock_, log_, metrics_, &live_),
        doors_(make_front_ends(settings_, services(), std::move(demo))),
        relay_(settings_, services()),
        pulse_(loop_, clock_, metrics_),
        backup_(loop_, *store_, settings_.backup, clock_, log_),
        session_reports_(loop_, store_->sessions(), live_, host_name(settings_.server), log_,
                         [this](std::uint64_t session) {
                           if (listener_) listener_->end_session(session);
                         }),
        reload_(loop_, SIGHUP, [this] { reload(); }),
        terminate_(loop_, SIGTERM, [this] { begin_drain(); }),
        scope_(loop_) {}

  Result<void> open(std::uint16_t number) {
    TRY(listener_, Listener::create(loop_, log_, limits_of(settings_.limits), tls_.get(), number, metrics_));
    listener_->on_end([this](std::uint64_t session) { live_.ended(session); });
    for (const auto& door : doors_) TRY_VOID(listener_->open(*door));
    // Ports and keys have been opened as root; nothing after this needs it.
    if (!settings_.server.user.empty()) TRY_VOID(drop_root(settings_.server.user));
    return relay_.start();
  }

  void run() {
    while (!ended_) loop_.run();
  }

  // What open() began before it failed is closed in order, too.
  void begin_drain() {
    if (std::exchange(draining_, true)) return;
    scope_.start(drain());
  }

 private:
  Services services() { return Services{loop_, *store_, login_, clock_, log_, metrics_}; }

  void reload() {
    if (!tls_) return;
    const auto reloaded = tls_->reload();
    log_.event(reloaded ? Level::info : Level::error, "worker.reload",
               {{"outcome", reloaded ? std::string("ok") : reloaded.error().detail}});
  }

  Task<void> drain() {
    if (listener_) {
      listener_->stop();
      const Deadline deadline = Deadline::after(std::chrono::seconds(settings_.server.drain_limit_s));
      co_await listener_->drained(deadline);
      co_await relay_.stop(deadline);
    }
    co_await backup_.close();
    co_await session_reports_.close();
    co_await store_->close();
    ended_ = true;
    loop_.stop();
  }

  const Settings& settings_;
  const Log log_;
  const Metrics metrics_;
  Clock clock_;
  Loop loop_;
  std::unique_ptr<TlsContext> tls_;
  std::unique_ptr<Store> store_;
  LiveSessions live_;
  Login login_;
  std::vector<std::unique_ptr<FrontEnd>> doors_;
  submission::Relay relay_;
  Pulse pulse_;
  backup::BackupRounds backup_;
  SessionReports session_reports_;
  std::unique_ptr<Listener> listener_;
  SignalWatch reload_;
  SignalWatch terminate_;
  bool draining_ = false;
  bool ended_ = false;
  TaskScope scope_;
};

std::optional<demo::Mailbox> demo_mailbox(const Settings& settings) {
  const auto account = first_demo_account(settings.server.data_directory);
  if (!account) return std::nullopt;
  return demo::Mailbox(account->address, Secret(account->password));
}

int run_worker(const CommonOptions& options, bool has_demo_page) {
  const auto place = worker_place();
  const auto settings = settings_or_complaint(options);
  if (!place || !settings) return kExitConfiguration;
  // The terminal's Ctrl-C reaches the whole process group; the supervisor answers it.
  std::signal(SIGINT, SIG_IGN);
  const Log log = log_for(*settings);
  const auto complain = [&](const Error& error) {
    log.event(Level::error, "worker.refused", {{"reason", error.detail}});
    const bool for_good = error.kind == ErrorKind::invalid || error.kind == ErrorKind::not_found;
    return for_good ? kExitConfiguration : static_cast<int>(exit_code_for(error.kind));
  };
  auto conninfo = running_database(*settings);
  if (!conninfo) return complain(conninfo.error());
  auto tls = load_tls(settings->tls);
  if (!tls) return complain(tls.error());
  Metrics metrics;
  if (place->shared_descriptor >= 0) {
    auto shared = Metrics::attach(place->shared_descriptor, place->number);
    if (!shared) return complain(shared.error());
    metrics = *std::move(shared);
  }
  auto demo = has_demo_page ? demo_mailbox(*settings) : std::nullopt;
  Worker worker(*settings, *std::move(conninfo), *std::move(tls), log, std::move(metrics), std::move(demo));
  const auto opened = worker.open(place->number);
  if (opened) {
    announce_ready(*place);
  } else {
    worker.begin_drain();
  }
  worker.run();
  return opened ? 0 : complain(opened.error());
}

}  // namespace

void add_worker(CommandLine& line) {
  const auto has_demo_page = std::make_shared<bool>(false);
  CLI::App& command = line.command("worker", "", [has_demo_page](const CommonOptions& options) {
    // The supervisor knows more numbers than a command has.
    return static_cast<ExitCode>(run_worker(options, *has_demo_page));
  });
  command.add_flag("--demo-page", *has_demo_page);
}

}  // namespace postern::cli
