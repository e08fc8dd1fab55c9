// ValidateCert: whether the certificates of a signed message are to be trusted. MS-ASCMD section 2.2.1.22.
#include "protocols/activesync/schema/validate_cert.h"
#include "gateway/async/worker.h"
#include "protocols/activesync/commands/run.h"
#include "protocols/shared/certificate_check.h"

namespace postern::activesync {

namespace {

// Who wants to know what has been revoked hears that nobody here knows.
Status status_of(CertificateVerdict verdict, bool check_crl) {
  switch (verdict) {
    case CertificateVerdict::good: return check_crl ? CertStatus::revocation_unknown : CertStatus::ok;
    case CertificateVerdict::malformed: return CertStatus::wrong_information;
    case CertificateVerdict::bad_signature: return CertStatus::bad_signature;
    case CertificateVerdict::untrusted: return CertStatus::untrusted_source;
    case CertificateVerdict::incomplete_chain: return CertStatus::incomplete_chain;
    case CertificateVerdict::not_for_mail: return CertStatus::not_for_mail;
    case CertificateVerdict::not_valid_now: return CertStatus::expired;
    case CertificateVerdict::chain_not_valid_now: return CertStatus::inconsistent_times;
    case CertificateVerdict::not_an_authority: return CertStatus::chain_misused;
    case CertificateVerdict::unknown: break;
  }
  return CertStatus::unknown_error;
}

}  // namespace

Task<Result<void>> run_validate_cert(Conversation& conversation, std::optional<Document> document) {
  Parsed<ValidateCertRequest> read(CertStatus::protocol_error);
  if (document) read = read_validate_cert(document->root());
  if (!read) co_return co_await refuse(conversation, read.refusal());
  const bool check_crl = read->check_crl;
  const WallTime now = conversation.services.clock.now();
  auto work = [request = std::move(*read), now] {
    return check_mail_certificates(request.certificates, request.chain, now);
  };
  const std::vector<CertificateVerdict> verdicts =
      co_await in_worker(conversation.services.loop, std::move(work));
  std::vector<Status> statuses;
  for (const CertificateVerdict verdict : verdicts) statuses.push_back(status_of(verdict, check_crl));
  std::string wbxml;
  write_cert_statuses(wbxml, statuses);
  co_return co_await answer(conversation, CertStatus::ok, std::move(wbxml));
}

}  // namespace postern::activesync
