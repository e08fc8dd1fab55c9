#include "gateway/net/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "gateway/base/text.h"

namespace postern {

namespace {
constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.octets.data()) == 1) return address;
  std::ranges::copy(kMappedPrefix, address.octets.begin());
  if (inet_pton(AF_INET, terminated.c_str(), address.octets.data() + 12) == 1) return address;
  return std::nullopt;
}

bool IpAddress::is_v4() const {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), octets.begin());
}

bool IpAddress::is_loopback() const {
  if (is_v4()) return octets[12] == 127;
  return octets == IpAddress{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}.octets;
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (is_v4()) {
    inet_ntop(AF_INET, octets.data() + 12, buffer, sizeof buffer);
  } else {
    inet_ntop(AF_INET6, octets.data(), buffer, sizeof buffer);
  }
  return buffer;
}

IpAddress IpAddress::prefix(unsigned bits) const {
  IpAddress cut = *this;
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned kept = bits > i * 8 ? std::min(bits - i * 8, 8U) : 0;
    cut.octets[i] &= static_cast<std::uint8_t>(0xff00U >> kept);
  }
  return cut;
}

Result<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  const Error bad(ErrorKind::invalid, "not a network: " + text::printable(text));
  if (!address) return bad;
  Network network;
  if (slash != std::string_view::npos) {
    const bool v4 = text.find(':') == std::string_view::npos;
    const auto bits = text::number(text.substr(slash + 1), v4 ? 32 : 128);
    if (!bits) return bad;
    network.bits = static_cast<unsigned>(*bits) + (v4 ? 96 : 0);
  }
  network.base = address->prefix(network.bits);
  // 10.1.2.3/8 is more likely a slip than a wish.
  if (!(network.base == *address)) {
    return Error(ErrorKind::invalid, "address bits beyond the prefix: " + text::printable(text));
  }
  return network;
}

Result<std::vector<Network>> parse_networks(const std::vector<std::string>& texts) {
  std::vector<Network> networks;
  for (const auto& text : texts) {
    TRY(Network network, Network::parse(text));
    networks.push_back(network);
  }
  return networks;
}

bool any_contains(const std::vector<Network>& networks, const IpAddress& address) {
  return std::ranges::any_of(networks, [&](const Network& network) { return network.contains(address); });
}

}  // namespace postern
