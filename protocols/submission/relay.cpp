#include "protocols/submission/relay.h"

#include "protocols/shared/digest.h"
#include "protocols/shared/host_name.h"
#include "protocols/submission/relay_attempt.h"

namespace postern::submission {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kLookAnyway = 60s;  // should a ring be lost
constexpr Milliseconds kStoreAway = 2s;    // until the store is asked again
constexpr Milliseconds kRenewAfter = 20s;  // a third of the lease
constexpr Milliseconds kKeepIdle = 10s;    // connections, for the next message
constexpr Milliseconds kLeaseTrusted =
    Outbox::kLease - 5s;  // our clock and the database's tick alike, nearly

}  // namespace

Relay::Relay(const Settings& settings, const Services& services)
    : settings_(settings),
      services_(services),
      hostname_(host_name(settings.server)),
      holder_(random_octets(16)),
      wake_(services.loop),
      timer_(services.loop, [this] { wake(); }),
      renew_(services.loop),
      renew_timer_(services.loop, [this] { renew_.send(true); }),
      idle_timer_(services.loop, [this] { scope_.start(close_idle()); }),
      stop_timer_(services.loop, [this] { cut_off(); }),
      attempts_(services.loop),
      scope_(services.loop) {}

Relay::~Relay() = default;

Result<void> Relay::start() {
  if (settings_.relay.host.empty()) return {};
  if (settings_.relay.tls != "none") {
    ClientTrust trust;
    trust.verify = settings_.relay.verify_certificate;
    trust.ca_file = settings_.relay.ca_file;
    TRY(tls_, client_tls_context(trust));
  }
  bell_ = services_.store.changes().listen(kOutboxBell, [this](ModSeq) { wake(); });
  scope_.start(run());
  scope_.start(renew_leases());
  return {};
}

Task<void> Relay::stop(Deadline deadline) {
  stopping_ = true;
  bell_ = Subscription();
  timer_.stop();
  wake();
  if (deadline.at != SteadyTime::max()) stop_timer_.start(deadline.left());
  co_await attempts_.drained();
  stop_timer_.stop();
  idle_timer_.stop();
  renew_timer_.stop();
  renew_.close();
  co_await scope_.drained();
  co_await close_idle();
}

Task<void> Relay::run() {
  while (!stopping_) {
    const std::size_t room = settings_.relay.connections_max - attempts_.running();
    Milliseconds wait = kLookAnyway;
    if (!pause_until_.passed()) {
      wait = pause_until_.left();
    } else if (room > 0) {
      const SteadyTime asked_at = services_.clock.steady_now();
      auto claimed = co_await services_.store.outbox().claim(holder_, static_cast<std::uint32_t>(room));
      if (claimed) {
        for (QueuedMessage& message : claimed->messages) {
          if (attempts_.running() == 0) renew_timer_.start(kRenewAfter);
          attempts_.start(attempt(std::move(message), asked_at));
        }
        wait = std::min(wait, claimed->next_due.value_or(kLookAnyway));
      } else {
        services_.log.event(Level::warning, "relay.cannot_claim", {{"reason", claimed.error().detail}});
        wait = kStoreAway;
      }
    }
    timer_.start(std::max(wait, Milliseconds(1)));
    co_await wake_.next();
    while (!wake_.empty()) co_await wake_.next();
  }
}

Task<void> Relay::attempt(QueuedMessage message, SteadyTime claimed_at) {
  Attempt one(*this, std::move(message), claimed_at);
  co_await one.run();
  wake();
}

Task<void> Relay::renew_leases() {
  while (!renew_.closed()) {
    auto due = co_await renew_.next();
    if (!due) break;
    if (attempts_.running() == 0) continue;
    renew_timer_.start(kRenewAfter);
    const SteadyTime asked_at = services_.clock.steady_now();
    auto renewed = co_await services_.store.outbox().renew(holder_);
    if (!renewed) continue;
    if (asked_at - renewed_at_ >= kLeaseTrusted) renewed_since_ = asked_at;
    renewed_at_ = asked_at;
  }
}

SteadyTime Relay::leased_until(SteadyTime claimed_at) const {
  // A renewal counts only for what had not been lost before it.
  const bool renewed = renewed_at_ > claimed_at && renewed_since_ - claimed_at < kLeaseTrusted;
  return (renewed ? renewed_at_ : claimed_at) + kLeaseTrusted;
}

void Relay::cut_off() {
  cutting_off_ = true;
  for (SmtpClient* client : used_) client->close();
}

void Relay::keep(OwnedClient client) {
  idle_.push_back(std::move(client));
  if (!stopping_) idle_timer_.start(kKeepIdle);
}

Task<void> Relay::close_idle() {
  std::vector<OwnedClient> clients = std::exchange(idle_, std::vector<OwnedClient>());
  for (OwnedClient& client : clients) co_await client->quit();
}

}  // namespace postern::submission
