#include "gateway/net/self_signed.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

#include "gateway/base/text.h"
#include "gateway/net/descriptor.h"
#include "gateway/net/openssl_handles.h"

namespace postern {

namespace {

constexpr long kValidityDays = 825;

bool is_dns_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, [](char c) {
    return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '.' || c == '*';
  });
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX subject_and_issuer;
  X509V3_set_ctx(&subject_and_issuer, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &subject_and_issuer, kind, value.c_str());
  const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool fill(X509* certificate, EVP_PKEY* key, const std::vector<std::string>& names) {
  std::string alternatives;
  for (const auto& name : names) alternatives += (alternatives.empty() ? "DNS:" : ",DNS:") + name;
  unsigned char serial[8];
  RAND_bytes(serial, sizeof serial);
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7f) | 1);
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  X509_set_version(certificate, X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kValidityDays * 86400);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  // The common name holds 64 characters; verifiers look at the alternative names (RFC 9525 §2).
  const std::string common_name = names.front().substr(0, 64);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  return add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
         add_extension(certificate, NID_subject_alt_name, alternatives) &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

template <class Write>
Result<void> write_file(const std::string& path, mode_t mode, Write write) {
  ::unlink(path.c_str());
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file) return Error(ErrorKind::unavailable, path + ": " + std::strerror(errno));
  BIO* out = BIO_new_fd(file.get(), BIO_NOCLOSE);
  const bool written = write(out) == 1;
  BIO_free(out);
  if (!written) return Error(ErrorKind::unavailable, path + ": " + openssl_reason());
  return {};
}

}  // namespace

Result<CertificateFiles> make_self_signed(const std::vector<std::string>& names,
                                          const std::string& directory) {
  if (names.empty()) return Error(ErrorKind::invalid, "a certificate needs a name");
  for (const auto& name : names) {
    if (!is_dns_name(name)) return Error(ErrorKind::invalid, "not a DNS name: " + text::printable(name));
  }
  ERR_clear_error();
  const OwnedKey key(EVP_EC_gen("P-256"));
  const OwnedCertificate certificate(X509_new());
  if (!key || !certificate || !fill(certificate.get(), key.get(), names)) {
    return Error(ErrorKind::internal, "cannot make a certificate: " + openssl_reason());
  }
  CertificateFiles files;
  files.certificate_file = directory + "/certificate.pem";
  files.key_file = directory + "/key.pem";
  TRY_VOID(write_file(files.key_file, 0600, [&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }));
  TRY_VOID(write_file(files.certificate_file, 0644,
                      [&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }));
  return files;
}

}  // namespace postern
