#include "protocols/shared/throttle.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern {

using namespace std::chrono_literals;

namespace {

constexpr Milliseconds kDelayMax = 15s;

std::string pair_of(std::string_view user, std::string_view host) {
  return text::to_lower(user.substr(0, 254)) + ' ' + std::string(host);
}

}  // namespace

Throttle::Throttle(const LoginSettings& settings, const Clock& clock)
    : settings_(settings),
      clock_(clock),
      shared_peers_(parse_networks(settings.plaintext_networks).value_or({})) {}

std::vector<Throttle::Key> Throttle::keys(std::string_view peer_host, std::string_view user) const {
  const auto address = IpAddress::parse(peer_host);
  if (!address || any_contains(shared_peers_, *address)) return {{pair_of(user, peer_host), 1}};
  if (address->is_v4()) {
    return {{address->text(), 1},
            {address->prefix(96 + 24).text() + "/24", 3},
            {address->prefix(96 + 16).text() + "/16", 9}};
  }
  return {{address->prefix(64).text() + "/64", 1},
          {address->prefix(56).text() + "/56", 3},
          {address->prefix(48).text() + "/48", 9}};
}

Throttle::Count& Throttle::count(const std::string& network) {
  const SteadyTime now = clock_.steady_now();
  auto found = counts_.find(network);
  if (found == counts_.end()) {
    if (counts_.size() >= kNetworksMax) {
      counts_.erase(order_.front());
      order_.pop_front();
    }
    found = counts_.try_emplace(network).first;
    found->second.minute_began = found->second.day_began = now;
    found->second.place = order_.insert(order_.end(), network);
  }
  Count& count = found->second;
  order_.splice(order_.end(), order_, count.place);
  if (now - count.minute_began >= 1min) {
    count.minute = 0;
    count.minute_began = now;
  }
  if (now - count.day_began >= 24h) {
    count.day = count.in_a_row = 0;
    count.day_began = now;
  }
  return count;
}

bool Throttle::allows(std::string_view peer_host, std::string_view user) {
  if (known_.contains(pair_of(user, peer_host))) return true;
  return std::ranges::all_of(keys(peer_host, user), [&](const Key& key) {
    const Count& used = count(key.network);
    return used.minute < settings_.failures_per_minute_max * key.factor &&
           used.day < settings_.failures_per_day_max * key.factor;
  });
}

Milliseconds Throttle::failed(std::string_view peer_host, std::string_view user) {
  std::uint32_t in_a_row = 0;
  for (const Key& key : keys(peer_host, user)) {
    Count& used = count(key.network);
    ++used.minute;
    ++used.day;
    ++used.in_a_row;
    if (key.factor == 1) in_a_row = used.in_a_row;
  }
  Milliseconds delay(settings_.failure_delay_ms);
  for (std::uint32_t i = 1; i < in_a_row && delay < kDelayMax; ++i) delay *= 2;
  return std::min(delay, kDelayMax);
}

void Throttle::failed_elsewhere(std::string_view peer_host, std::string_view user) {
  for (const Key& key : keys(peer_host, user)) {
    Count& used = count(key.network);
    ++used.minute;
    ++used.day;
  }
}

void Throttle::succeeded(std::string_view peer_host, std::string_view user) {
  for (const Key& key : keys(peer_host, user)) {
    if (const auto found = counts_.find(key.network); found != counts_.end() && key.factor == 1) {
      found->second.in_a_row = 0;
    }
  }
  if (known_.size() >= kNetworksMax) known_.clear();
  known_.insert(pair_of(user, peer_host));
}

}  // namespace postern
