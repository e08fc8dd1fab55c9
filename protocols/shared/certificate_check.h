// Whether a certificate is good for mail: its chain up to the machine's trusted authorities, its times, its
// purpose (RFC 8550). Costs CPU time: for a worker thread. Nothing is fetched, so nothing is known of what
// has been revoked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"

namespace postern {

enum class CertificateVerdict {
  good,
  malformed,
  bad_signature,
  untrusted,
  incomplete_chain,
  not_for_mail,
  not_valid_now,
  chain_not_valid_now,
  not_an_authority,  // somebody in the chain issues who may not
  unknown,
};

// DER each. The trusted authorities are OpenSSL's own, $SSL_CERT_FILE included. One verdict for each.
std::vector<CertificateVerdict> check_mail_certificates(const std::vector<std::string>& certificates,
                                                        const std::vector<std::string>& chain, WallTime now);

}  // namespace postern
