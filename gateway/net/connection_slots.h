// How many connections there may be: in total and per peer (an IPv4 address or an IPv6 /64), with a smaller
// share for those who have not logged in yet, so that strangers cannot keep users out.
// One per worker process; each worker counts its own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/net/byte_stream.h"
#include "gateway/net/network.h"

namespace postern {

struct ListenerLimits {
  std::uint32_t connections_max = 20'000;
  std::uint32_t unauthenticated_max = 4'000;
  std::uint32_t per_peer_max = 200;
  std::uint32_t per_peer_unauthenticated_max = 30;
  // Networks the per-peer limits do not apply to. Loopback and unix sockets never count per peer.
  std::vector<std::string> exempt_networks;
  // Kept for the database, the log and administration when descriptors run out.
  std::uint32_t descriptors_reserved = 128;
  Milliseconds proxy_header_max{5'000};
  Milliseconds tls_handshake_max{10'000};
};

class ConnectionSlots {
 public:
  // One connection's place; gives it back when it goes away.
  class Slot {
   public:
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();
    // Moves over to those who have logged in. Repeating it changes nothing.
    void authenticated();

   private:
    friend class ConnectionSlots;
    Slot(ConnectionSlots& slots, std::optional<IpAddress> peer);
    ConnectionSlots& slots_;
    const std::optional<IpAddress> peer_;  // absent: does not count per peer
    bool authenticated_ = false;
  };

  ConnectionSlots(const ListenerLimits& limits, std::vector<Network> exempt);

  // nullptr: a limit is reached.
  std::unique_ptr<Slot> take(const PeerAddress& peer);
  std::uint32_t connections() const { return all_.total; }
  std::uint32_t unauthenticated() const { return all_.unauthenticated; }

 private:
  struct Count {
    std::uint32_t total = 0;
    std::uint32_t unauthenticated = 0;
  };
  struct ByOctets {
    bool operator()(const IpAddress& a, const IpAddress& b) const { return a.octets < b.octets; }
  };

  std::optional<IpAddress> counted_peer(const PeerAddress& peer) const;

  const ListenerLimits limits_;
  const std::vector<Network> exempt_;
  Count all_;
  std::map<IpAddress, Count, ByOctets> peers_;  // only those with a connection
};

}  // namespace postern
