// Connection: a blocking one to somebody else's IMAP server, for an import on a thread of its own: greeting,
// TLS, log-in, commands and their responses. Nothing is sent in clear that TLS should hide, and what came
// before the handshake is forgotten (RFC 9051 §6.2.1).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/base/secret.h"
#include "protocols/imap_client/response.h"

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

namespace postern::imap_client {

enum class Encryption : std::uint8_t { implicit, starttls, none };

struct RemoteAccount {
  RemoteAccount() = default;
  std::string host;
  std::uint16_t port = 993;
  Encryption encryption = Encryption::implicit;
  std::string ca_file;  // PEM; empty: the system's authorities
  std::string user;
  Secret password;
  std::string master_user;  // logs in for `user` (SASL's authorization identity); empty: nobody
};

class Connection {
 public:
  // Logged in. `literal_octets_max`: what a message may have; a larger one ends the connection (too_large).
  // not_found (no such host), unavailable, timed_out, denied (certificate, password, or no way to hide it),
  // invalid (it does not speak IMAP).
  static Result<std::unique_ptr<Connection>> open(const RemoteAccount& remote,
                                                  std::uint64_t literal_octets_max);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool offers(const std::string& capability) const;
  // Sends it, gives each untagged response to `hear`, and ends at the tagged one; invalid: it is not OK.
  Result<void> command(const std::string& text, const std::function<Result<void>(Response)>& hear);
  // The same in two steps, so that what comes is heard one by one.
  Result<void> begin(const std::string& text);
  // The next untagged response; nullopt: the command has ended, well.
  Result<std::optional<Response>> next();
  void log_out();

  static constexpr int kSilenceSeconds = 300;  // then the server is given up
  static constexpr std::size_t kLineOctetsMax = 4 * 1024 * 1024;
  static constexpr std::size_t kLiteralsMax = 1000;  // of a response

 private:
  Connection(const RemoteAccount& remote, std::uint64_t literal_octets_max)
      : remote_(remote), literal_octets_max_(literal_octets_max) {}
  Result<void> connect();
  Result<void> start_tls();
  Result<void> greet();
  Result<void> log_in();
  Result<void> learn_capabilities();
  Result<void> send(std::string_view octets);
  Result<void> fill();
  Result<std::string> read_line();
  Result<std::string> read_exactly(std::size_t octets);
  Result<Response> read_response();

  const RemoteAccount remote_;
  const std::uint64_t literal_octets_max_;
  int socket_ = -1;
  std::shared_ptr<SSL_CTX> context_;
  SSL* ssl_ = nullptr;
  std::string input_;
  std::size_t taken_ = 0;
  unsigned tags_ = 0;
  std::string tag_;
  Response capabilities_;
};

}  // namespace postern::imap_client
