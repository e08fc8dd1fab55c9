// A self-signed certificate (ECDSA P-256) for trying the product out and for tests. Nobody trusts it.
#pragma once

#include <string>
#include <vector>

#include "gateway/net/tls_context.h"

namespace postern {

// Writes certificate.pem and key.pem (mode 0600) into the directory, which exists; the names (at least one)
// become subject alternative names. Replaces earlier files. Errors: invalid (not a DNS name), unavailable.
Result<CertificateFiles> make_self_signed(const std::vector<std::string>& names,
                                          const std::string& directory);

}  // namespace postern
