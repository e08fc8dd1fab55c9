#include "protocols/activesync/schema/validate_cert.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

// Clients break the base64 into lines.
std::string der_of(Element element) {
  std::string base64(element.text());
  std::erase_if(base64, [](char c) { return c == '\r' || c == '\n' || c == ' ' || c == '\t'; });
  if (base64.size() > kCertificateOctetsMax / 3 * 4) return {};
  return text::unbase64(base64).value_or("");
}

bool read_list(Element list, std::vector<std::string>& certificates) {
  for (const Element child : list) {
    if (child.tag() != "ValidateCert:Certificate"_tag) continue;
    if (certificates.size() == kCertificatesMax) return false;
    certificates.push_back(der_of(child));
  }
  return true;
}

}  // namespace

Parsed<ValidateCertRequest> read_validate_cert(Element root) {
  ValidateCertRequest request;
  bool well = true;
  for (const Element child : root) {
    switch (child.tag()) {
      case "ValidateCert:Certificates"_tag: well = read_list(child, request.certificates) && well; break;
      case "ValidateCert:CertificateChain"_tag: well = read_list(child, request.chain) && well; break;
      case "ValidateCert:CheckCRL"_tag: {
        const auto check = boolean_of(child, true);
        well = check && well;
        request.check_crl = check.value_or(false);
        break;
      }
      default: break;
    }
  }
  if (!well || request.certificates.empty()) return CertStatus::protocol_error;
  return request;
}

void write_cert_statuses(std::string& out, const std::vector<Status>& statuses) {
  Writer writer(out);
  const auto root = writer.open("ValidateCert:ValidateCert"_tag);
  writer.number("ValidateCert:Status"_tag, Status(CertStatus::ok).code);
  for (const Status status : statuses) {
    const auto certificate = writer.open("ValidateCert:Certificate"_tag);
    writer.number("ValidateCert:Status"_tag, status.code);
  }
}

void write_cert_refusal(std::string& out, Status status) {
  Writer writer(out);
  const auto root = writer.open("ValidateCert:ValidateCert"_tag);
  writer.number("ValidateCert:Status"_tag, status.code);
}

}  // namespace postern::activesync
