// Server certificates: TLS 1.2 and later, a certificate per server name (SNI), reload without dropping
// sessions, session tickets for TLS 1.3 (tls_tickets.h). And the client's side for what we call out to.
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
  std::vector<std::string>
      server_names;  // SNI names it serves ("mail.example.org", "*.example.org"); the
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
  static Result<std::shared_ptr<State>> read(const std::vector<CertificateFiles>& files);
  std::shared_ptr<State> state_;
  std::vector<CertificateFiles> files_;
};

// Whom a client of ours believes.
struct ClientTrust {
  bool verify = true;   // false: encrypts, but to anybody (opportunistic TLS between mail servers)
  std::string ca_file;  // PEM; empty: the system's
};
Result<std::shared_ptr<SSL_CTX>> client_tls_context(const ClientTrust& trust);

}  // namespace postern
