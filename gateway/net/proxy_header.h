// The PROXY protocol's header, versions 1 (text) and 2 (binary): who is behind the load balancer.
// https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt. A pure parser over what has arrived so far;
// who may send such a header is the listener's business. Type-length-value extras are skipped.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/net/byte_stream.h"

namespace postern {

struct ProxyHeader {
  // Absent: the proxy speaks for itself (health check), or the client's address is of no family we know.
  std::optional<PeerAddress> client;
  std::size_t octets = 0;  // how long the header is; what follows belongs to the connection
};

// No header is longer: version 1 has 107 octets at most (§2.1), version 2 gets room for its extras.
constexpr std::size_t kProxyHeaderOctetsMax = 2048;

// nullopt: more octets are needed. invalid: this is not a header, or too long a one.
Result<std::optional<ProxyHeader>> parse_proxy_header(std::string_view received);

}  // namespace postern
