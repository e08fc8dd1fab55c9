// Who asks: the peer, or, if the peer is a proxy that we know, whom it names (X-Forwarded-For, the right-most
// address that is not itself a known proxy; X-Forwarded-Proto). From others these fields are just text.
#pragma once

#include <vector>

#include "gateway/net/byte_stream.h"
#include "gateway/net/network.h"
#include "protocols/http/message.h"

namespace postern::http {

struct Client {
  PeerAddress peer;
  bool encrypted = false;  // on its side of the proxy
};

Client client_of(const ByteStream& stream, const Fields& fields, const std::vector<Network>& proxies);

}  // namespace postern::http
