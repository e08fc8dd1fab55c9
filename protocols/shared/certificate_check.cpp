#include "protocols/shared/certificate_check.h"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "gateway/net/openssl_handles.h"

namespace postern {

namespace {

using Store = std::unique_ptr<X509_STORE, OpenSslFree<X509_STORE_free>>;
using Verification = std::unique_ptr<X509_STORE_CTX, OpenSslFree<X509_STORE_CTX_free>>;
void free_chain(STACK_OF(X509) * chain) {
  sk_X509_pop_free(chain, X509_free);
}
using Chain = std::unique_ptr<STACK_OF(X509), OpenSslFree<free_chain>>;

// Nothing may stand behind it.
OwnedCertificate certificate_from(const std::string& der) {
  const auto* octets = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* const end = octets + der.size();
  OwnedCertificate certificate(d2i_X509(nullptr, &octets, static_cast<long>(der.size())));
  if (octets != end) certificate.reset();
  return certificate;
}

bool is_for_mail(X509* certificate) {
  return X509_check_purpose(certificate, X509_PURPOSE_SMIME_SIGN, 0) == 1 ||
         X509_check_purpose(certificate, X509_PURPOSE_SMIME_ENCRYPT, 0) == 1;
}

CertificateVerdict verdict_of(int error, int depth) {
  switch (error) {
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: return CertificateVerdict::bad_signature;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED: return CertificateVerdict::untrusted;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return CertificateVerdict::incomplete_chain;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return depth == 0 ? CertificateVerdict::not_valid_now : CertificateVerdict::chain_not_valid_now;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_NON_CA:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_INVALID_PURPOSE: return CertificateVerdict::not_an_authority;
    default: return CertificateVerdict::unknown;
  }
}

CertificateVerdict check(const std::string& der, X509_STORE* trusted, STACK_OF(X509) * chain, WallTime now) {
  const OwnedCertificate certificate = certificate_from(der);
  if (!certificate) return CertificateVerdict::malformed;
  const Verification verification(X509_STORE_CTX_new());
  if (!verification || X509_STORE_CTX_init(verification.get(), trusted, certificate.get(), chain) != 1) {
    return CertificateVerdict::unknown;
  }
  X509_STORE_CTX_set_time(verification.get(), 0, std::chrono::system_clock::to_time_t(now));
  if (X509_verify_cert(verification.get()) != 1) {
    return verdict_of(X509_STORE_CTX_get_error(verification.get()),
                      X509_STORE_CTX_get_error_depth(verification.get()));
  }
  return is_for_mail(certificate.get()) ? CertificateVerdict::good : CertificateVerdict::not_for_mail;
}

}  // namespace

std::vector<CertificateVerdict> check_mail_certificates(const std::vector<std::string>& certificates,
                                                        const std::vector<std::string>& chain, WallTime now) {
  std::vector<CertificateVerdict> verdicts(certificates.size(), CertificateVerdict::unknown);
  const Store trusted(X509_STORE_new());
  const Chain between(sk_X509_new_null());
  if (!trusted || !between || X509_STORE_set_default_paths(trusted.get()) != 1) return verdicts;
  for (const std::string& der : chain) {
    // One that cannot be read makes the chain incomplete, which is then told.
    if (OwnedCertificate certificate = certificate_from(der))
      sk_X509_push(between.get(), certificate.release());
  }
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    verdicts[i] = check(certificates[i], trusted.get(), between.get(), now);
  }
  ERR_clear_error();  // of this thread, which others use, too
  return verdicts;
}

}  // namespace postern
