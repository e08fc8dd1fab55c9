// What a finished handshake agreed on, with the channel bindings SASL asks for.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "gateway/net/byte_stream.h"

namespace postern {

std::unique_ptr<TlsInfo> describe_tls(SSL* ssl);

}  // namespace postern
