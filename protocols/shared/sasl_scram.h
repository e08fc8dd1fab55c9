// SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677); channel bindings tls-server-end-point (RFC 5929)
// and tls-exporter (RFC 9266).
#pragma once

#include <memory>

#include "protocols/shared/sasl.h"

namespace postern {

// `tls` may be null without PLUS.
std::unique_ptr<SaslExchange> start_scram_sha256(Login& login, LoginContext context, const TlsInfo* tls,
                                                 bool plus);

}  // namespace postern
