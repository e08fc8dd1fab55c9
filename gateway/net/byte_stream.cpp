#include "gateway/net/byte_stream.h"

#include "gateway/net/network.h"

namespace postern {

bool PeerAddress::is_loopback() const {
  if (host.empty()) return true;
  const auto address = IpAddress::parse(host);
  return address && address->is_loopback();
}

}  // namespace postern
