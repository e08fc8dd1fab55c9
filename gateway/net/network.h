// IP addresses and networks: "192.0.2.0/24", "2001:db8::/32", or a single address. IPv4 is kept in its mapped
// form (::ffff:a.b.c.d), so that both families compare alike.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace postern {

struct IpAddress {
  std::array<std::uint8_t, 16> octets{};

  static std::optional<IpAddress> parse(std::string_view text);
  bool is_v4() const;
  bool is_loopback() const;  // 127.0.0.0/8 or ::1
  std::string text() const;  // without brackets; IPv4 dotted
  // The first `bits` bits of the 16 octets, the rest zero (for IPv4: its prefix length + 96).
  IpAddress prefix(unsigned bits) const;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

struct Network {
  IpAddress base;
  unsigned bits = 128;  // counted in the 16 octets

  // invalid: not an address, a prefix too long, or address bits beyond the prefix.
  static Result<Network> parse(std::string_view text);
  bool contains(const IpAddress& address) const { return address.prefix(bits) == base; }
};

// invalid: the first text that is no network.
Result<std::vector<Network>> parse_networks(const std::vector<std::string>& texts);
bool any_contains(const std::vector<Network>& networks, const IpAddress& address);

}  // namespace postern
