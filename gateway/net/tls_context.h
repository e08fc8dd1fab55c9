// Server certificates: TLS 1.2 and later, a certificate per server name (SNI), reload without dropping
// sessions, session tickets whose keys every worker and node derives alike from the private key.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/base/result.h"

typedef struct ssl_ctx_st SSL_CTX;

namespace postern {

struct CertificateFiles {
  std::string certificate_file;  // PEM, leaf first, then the chain
  std::string key_file;          // PEM
  std::vector<std::string> server_names;  // SNI names it serves ("mail.example.org", "*.example.org"); the
                                          // names in the certificate are added. The first entry is the default.
};

class TlsContext {
 public:
  // Reads the files (once, at start). invalid with the file's name and the reason.
  static Result<std::unique_ptr<TlsContext>> load(std::vector<CertificateFiles> certificates);
  ~TlsContext();

  // Reads the files again; on failure the old certificates stay in use and the error says why.
  Result<void> reload();
  // The context for a new connection; connections keep theirs across a reload.
  std::shared_ptr<SSL_CTX> current() const;

 private:
  TlsContext() = default;
  struct State;
  std::shared_ptr<State> state_;
  std::vector<CertificateFiles> files_;
};

}  // namespace postern
