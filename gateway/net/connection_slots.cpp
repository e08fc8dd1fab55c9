#include "gateway/net/connection_slots.h"

namespace postern {

namespace {
constexpr unsigned kPeerBitsV6 = 64;  // what one customer usually gets, so what one attacker has
}

ConnectionSlots::ConnectionSlots(const ListenerLimits& limits, std::vector<Network> exempt)
    : limits_(limits), exempt_(std::move(exempt)) {}

std::optional<IpAddress> ConnectionSlots::counted_peer(const PeerAddress& peer) const {
  const auto address = IpAddress::parse(peer.host);
  if (!address || address->is_loopback() || any_contains(exempt_, *address)) return std::nullopt;
  return address->is_v4() ? *address : address->prefix(kPeerBitsV6);
}

std::unique_ptr<ConnectionSlots::Slot> ConnectionSlots::take(const PeerAddress& peer) {
  if (all_.total >= limits_.connections_max || all_.unauthenticated >= limits_.unauthenticated_max) {
    return nullptr;
  }
  const auto key = counted_peer(peer);
  const auto found = key ? peers_.find(*key) : peers_.end();
  if (found != peers_.end()) {
    const Count& count = found->second;
    if (count.total >= limits_.per_peer_max) return nullptr;
    if (count.unauthenticated >= limits_.per_peer_unauthenticated_max) return nullptr;
  }
  return std::unique_ptr<Slot>(new Slot(*this, key));
}

ConnectionSlots::Slot::Slot(ConnectionSlots& slots, std::optional<IpAddress> peer)
    : slots_(slots), peer_(peer) {
  ++slots_.all_.total;
  ++slots_.all_.unauthenticated;
  if (!peer_) return;
  auto& count = slots_.peers_[*peer_];
  ++count.total;
  ++count.unauthenticated;
}

void ConnectionSlots::Slot::authenticated() {
  if (std::exchange(authenticated_, true)) return;
  --slots_.all_.unauthenticated;
  if (peer_) --slots_.peers_[*peer_].unauthenticated;
}

ConnectionSlots::Slot::~Slot() {
  authenticated();
  --slots_.all_.total;
  if (!peer_) return;
  const auto found = slots_.peers_.find(*peer_);
  if (--found->second.total == 0) slots_.peers_.erase(found);
}

}  // namespace postern
