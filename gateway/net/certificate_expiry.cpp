#include "gateway/net/certificate_expiry.h"

#include <openssl/pem.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "gateway/net/openssl_handles.h"

namespace postern {

Result<WallTime> certificate_expiry(const std::string& certificate_file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(certificate_file.c_str(), "re"),
                                                             &std::fclose);
  if (!file) return Error(ErrorKind::invalid, certificate_file + ": " + std::strerror(errno));
  const OwnedCertificate certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
  if (!certificate) return Error(ErrorKind::invalid, certificate_file + ": " + openssl_reason());
  std::tm broken_down{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &broken_down) != 1) {
    return Error(ErrorKind::invalid, certificate_file + ": its last day is unreadable");
  }
  return WallTime(std::chrono::seconds(::timegm(&broken_down)));
}

}  // namespace postern
