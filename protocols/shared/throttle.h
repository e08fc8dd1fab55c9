// Throttle: failed log-ins by network, over all doors and, if it is told of theirs, all processes. Peers that
// many users share (webmail, a proxy's loopback) are counted per user, so that one user's mistakes do not
// lock out the others.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "config/settings.h"
#include "gateway/base/clock.h"
#include "gateway/net/network.h"

namespace postern {

class Throttle {
 public:
  Throttle(const LoginSettings& settings, const Clock& clock);

  // False: this network has used up its failures; do not even look at the password. A user who has logged in
  // from this very address before is let through.
  bool allows(std::string_view peer_host, std::string_view user);
  // Counts, and says how long to keep the client waiting.
  Milliseconds failed(std::string_view peer_host, std::string_view user);
  // Counts one that another process has kept waiting.
  void failed_elsewhere(std::string_view peer_host, std::string_view user);
  void succeeded(std::string_view peer_host, std::string_view user);

 private:
  struct Count {
    std::uint32_t minute = 0;
    std::uint32_t day = 0;
    std::uint32_t in_a_row = 0;  // here
    SteadyTime minute_began;
    SteadyTime day_began;
    std::list<std::string>::iterator place;  // in order of use
  };
  struct Key {
    std::string network;
    std::uint32_t factor;  // wider networks may fail more often
  };
  std::vector<Key> keys(std::string_view peer_host, std::string_view user) const;
  Count& count(const std::string& network);

  const LoginSettings& settings_;
  const Clock& clock_;
  std::unordered_map<std::string, Count> counts_;  // at most kNetworksMax; the one unused longest goes first
  std::list<std::string> order_;
  std::unordered_set<std::string> known_;  // "user host" that has logged in; at most kNetworksMax
  std::vector<Network> shared_peers_;      // counted per user
  static constexpr std::size_t kNetworksMax = 100'000;
};

}  // namespace postern
