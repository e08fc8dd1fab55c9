#include "gateway/net/proxy_header.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "gateway/net/network.h"

namespace postern {

namespace {

using Parsed = Result<std::optional<ProxyHeader>>;

constexpr std::string_view kTextStart = "PROXY ";
constexpr std::size_t kTextOctetsMax = 107;  // with CRLF
constexpr std::string_view kBinaryStart("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kBinaryFixedOctets = 16;

Error bad(std::string why) {
  return Error(ErrorKind::invalid, "PROXY header: " + std::move(why));
}

std::uint16_t number_at(std::string_view octets, std::size_t position) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(octets[position]) << 8 |
                                    static_cast<unsigned char>(octets[position + 1]));
}

// "PROXY TCP4 192.0.2.7 198.51.100.1 56324 143\r\n"; "PROXY UNKNOWN ...\r\n"          §2.1
Parsed parse_text(std::string_view received) {
  const auto end = received.substr(0, kTextOctetsMax).find("\r\n");
  if (end == std::string_view::npos) {
    if (received.size() >= kTextOctetsMax) return bad("no end of line");
    return std::optional<ProxyHeader>();
  }
  ProxyHeader header;
  header.octets = end + 2;
  const auto words = text::split(received.substr(kTextStart.size(), end - kTextStart.size()), ' ');
  if (words[0] == "UNKNOWN") return std::optional(header);
  if (words.size() != 5 || (words[0] != "TCP4" && words[0] != "TCP6")) return bad("unknown form");
  const bool v4 = words[0] == "TCP4";
  const auto source = IpAddress::parse(words[1]);
  const auto destination = IpAddress::parse(words[2]);
  const auto source_port = text::number(words[3], 65535);
  const auto destination_port = text::number(words[4], 65535);
  if (!source || !destination || !source_port || !destination_port) return bad("bad address or port");
  // A mapped address in a TCP6 line is IPv6 on the wire.
  const auto is_family = [v4](std::string_view word) { return (word.find(':') == word.npos) == v4; };
  if (!is_family(words[1]) || !is_family(words[2])) return bad("address of the other family");
  header.client = PeerAddress{source->text(), static_cast<std::uint16_t>(*source_port)};
  return std::optional(header);
}

// signature, version and command, family and transport, length, addresses, extras          §2.2
Parsed parse_binary(std::string_view received) {
  if (received.size() < kBinaryFixedOctets) return std::optional<ProxyHeader>();
  const unsigned version_and_command = static_cast<unsigned char>(received[12]);
  const unsigned family_and_transport = static_cast<unsigned char>(received[13]);
  const std::size_t octets = number_at(received, 14);
  if (version_and_command >> 4 != 2) return bad("unknown version");
  const unsigned command = version_and_command & 0xf;
  if (command > 1) return bad("unknown command");
  if (family_and_transport >> 4 > 3 || (family_and_transport & 0xf) > 2) return bad("unknown family");
  ProxyHeader header;
  header.octets = kBinaryFixedOctets + octets;
  if (header.octets > kProxyHeaderOctetsMax) return bad("too long");
  constexpr unsigned kTcp4 = 0x11;
  constexpr unsigned kTcp6 = 0x21;
  const bool v4 = family_and_transport == kTcp4;
  const std::size_t address_octets = v4 ? 4 : 16;
  const bool has_client = command == 1 && (v4 || family_and_transport == kTcp6);
  if (has_client && octets < 2 * address_octets + 4) return bad("too short for its addresses");
  if (received.size() < header.octets) return std::optional<ProxyHeader>();
  if (!has_client) return std::optional(header);

  IpAddress source;
  if (v4) source = *IpAddress::parse("0.0.0.0");
  const std::string_view addresses = received.substr(kBinaryFixedOctets);
  std::copy_n(addresses.begin(), address_octets, source.octets.end() - static_cast<int>(address_octets));
  header.client = PeerAddress{source.text(), number_at(addresses, 2 * address_octets)};
  return std::optional(header);
}

}  // namespace

Parsed parse_proxy_header(std::string_view received) {
  if (received.starts_with(kTextStart)) return parse_text(received);
  if (received.starts_with(kBinaryStart)) return parse_binary(received);
  if (kTextStart.starts_with(received) || kBinaryStart.starts_with(received)) {
    return std::optional<ProxyHeader>();
  }
  return bad("missing");
}

}  // namespace postern
