#include "protocols/http/client.h"

#include "gateway/base/text.h"

namespace postern::http {

Client client_of(const ByteStream& stream, const Fields& fields, const std::vector<Network>& proxies) {
  Client client{stream.peer(), stream.tls() != nullptr};
  const auto peer = IpAddress::parse(client.peer.host);
  if (!peer || !any_contains(proxies, *peer)) return client;
  const auto hops = fields.list("X-Forwarded-For");
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const auto address = IpAddress::parse(*hop);
    if (!address) break;
    client.peer = PeerAddress{address->text(), 0};
    if (!any_contains(proxies, *address)) break;
  }
  const auto protocols = fields.list("X-Forwarded-Proto");
  if (!protocols.empty()) client.encrypted = text::same(protocols.back(), "https");
  return client;
}

}  // namespace postern::http
