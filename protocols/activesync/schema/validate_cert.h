// ValidateCert: is this certificate to be trusted? MS-ASCMD section 2.2.1.22.
#pragma once

#include <string>
#include <vector>

#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.18
enum class CertStatus : std::uint16_t {
  ok = 1,
  protocol_error = 2,
  bad_signature = 3,
  untrusted_source = 4,
  incomplete_chain = 5,
  not_for_mail = 6,
  expired = 7,
  inconsistent_times = 8,
  misused = 9,
  wrong_information = 10,
  chain_misused = 11,
  wrong_address = 12,
  revoked = 13,
  revocation_server_unreachable = 14,
  chain_revoked = 15,
  revocation_unknown = 16,
  unknown_error = 17,
};

constexpr std::size_t kCertificatesMax = 100;
constexpr std::size_t kCertificateOctetsMax = 64 * 1024;  // of DER

struct ValidateCertRequest {
  std::vector<std::string> certificates;  // DER; empty: what came was no base64
  std::vector<std::string> chain;
  bool check_crl = false;  // an unknown revocation status counts as bad
};

Parsed<ValidateCertRequest> read_validate_cert(Element root);

// One status for each certificate, in the request's order.
void write_cert_statuses(std::string& out, const std::vector<Status>& statuses);
void write_cert_refusal(std::string& out, Status status);

}  // namespace postern::activesync
