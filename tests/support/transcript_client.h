// A blocking client for transcripts: lines over TCP or TLS, with a time limit on every read.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace postern::tests {

class TranscriptClient {
 public:
  explicit TranscriptClient(std::uint16_t port);
  ~TranscriptClient();

  void start_tls();
  void send(const std::string& octets);
  // Without its CRLF. nullopt: the end of the stream. Throws when nothing comes.
  std::optional<std::string> line();
  // Exactly so many. Throws at the end of the stream.
  std::string octets(std::size_t count);
  // Puts a line back, to be read again.
  void unread(std::string text) { again_ = std::move(text); }
  void close();

 private:
  bool fill();

  int socket_ = -1;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
  std::string input_;
  std::optional<std::string> again_;
};

}  // namespace postern::tests
