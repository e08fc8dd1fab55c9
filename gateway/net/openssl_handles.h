// Owners for OpenSSL's objects, and its error queue as text.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace postern {

template <auto free_function>
struct OpenSslFree {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

using OwnedContext = std::unique_ptr<SSL_CTX, OpenSslFree<SSL_CTX_free>>;
using OwnedKey = std::unique_ptr<EVP_PKEY, OpenSslFree<EVP_PKEY_free>>;
using OwnedCertificate = std::unique_ptr<X509, OpenSslFree<X509_free>>;
using OwnedNames = std::unique_ptr<GENERAL_NAMES, OpenSslFree<GENERAL_NAMES_free>>;

// The first entry of the queue, which is the cause, and empties it.
inline std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  if (reason != nullptr) return reason;
  return code == 0 ? "connection broken" : "error " + std::to_string(code);
}

}  // namespace postern
