#include "gateway/net/connection_slots.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

using OwnedSlot = std::unique_ptr<ConnectionSlots::Slot>;

ListenerLimits small_limits() {
  ListenerLimits limits;
  limits.connections_max = 6;
  limits.unauthenticated_max = 4;
  limits.per_peer_max = 3;
  limits.per_peer_unauthenticated_max = 2;
  return limits;
}

PeerAddress peer(const std::string& host) {
  return PeerAddress{host, 1024};
}

// How many in a row get a place.
std::size_t taken(ConnectionSlots& slots, const std::vector<std::string>& hosts, std::vector<OwnedSlot>& kept,
                  bool log_in = false) {
  std::size_t count = 0;
  for (const auto& host : hosts) {
    auto slot = slots.take(peer(host));
    if (!slot) continue;
    if (log_in) slot->authenticated();
    kept.push_back(std::move(slot));
    ++count;
  }
  return count;
}

TEST(ConnectionSlots, PerPeerBeforeAndAfterLogIn) {
  ConnectionSlots slots(small_limits(), {});
  std::vector<OwnedSlot> kept;
  EXPECT_EQ(taken(slots, {"192.0.2.7", "192.0.2.7", "192.0.2.7"}, kept), 2U);
  kept[0]->authenticated();
  kept[0]->authenticated();
  EXPECT_EQ(slots.unauthenticated(), 1U);
  EXPECT_EQ(taken(slots, {"192.0.2.7", "192.0.2.7"}, kept), 1U);
  for (auto& slot : kept) slot->authenticated();
  EXPECT_EQ(taken(slots, {"192.0.2.7"}, kept), 0U) << "three in all";
  EXPECT_EQ(taken(slots, {"192.0.2.8"}, kept), 1U);
  kept.clear();
  EXPECT_EQ(slots.connections(), 0U);
  EXPECT_EQ(slots.unauthenticated(), 0U);
  EXPECT_EQ(taken(slots, {"192.0.2.7"}, kept), 1U);
}

TEST(ConnectionSlots, PeerOfIpv6IsItsSlash64) {
  ConnectionSlots slots(small_limits(), {});
  std::vector<OwnedSlot> kept;
  EXPECT_EQ(taken(slots, {"2001:db8::1", "2001:db8::2:2", "2001:db8::3"}, kept), 2U);
  EXPECT_EQ(taken(slots, {"2001:db8:0:1::1"}, kept), 1U);
}

TEST(ConnectionSlots, TotalsKeepStrangersFromFillingThePlace) {
  ConnectionSlots slots(small_limits(), {});
  std::vector<OwnedSlot> strangers;
  std::vector<OwnedSlot> users;
  EXPECT_EQ(taken(slots, {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"}, strangers), 4U);
  strangers.pop_back();
  EXPECT_EQ(taken(slots, {"198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"}, users, true), 3U);
  EXPECT_EQ(slots.connections(), 6U);
}

TEST(ConnectionSlots, LoopbackAndExemptNetworksDoNotCountPerPeer) {
  ConnectionSlots slots(small_limits(), {*Network::parse("10.0.0.0/8")});
  std::vector<OwnedSlot> kept;
  EXPECT_EQ(taken(slots, {"127.0.0.1", "127.0.0.1", "127.0.0.1"}, kept, true), 3U);
  EXPECT_EQ(taken(slots, {"10.1.2.3", "10.1.2.3", "10.1.2.3"}, kept), 3U);
  EXPECT_EQ(taken(slots, {"127.0.0.1"}, kept), 0U) << "but in total they do";
}

}  // namespace
}  // namespace postern
