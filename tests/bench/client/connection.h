// One blocking connection to a mail server, plain or with TLS from the first octet: lines and counted octets
// in, octets out. The certificate is not checked: both servers show the bench's own.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/client/options.h"

namespace postern::bench {

struct Target {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  bool tls = false;
};

// --host, --<port_option>, and --tls 1. LMTP takes no TLS here.
Target target_of(const Options& options, const std::string& port_option = "port");

// All methods throw Failure when the connection breaks or the server is silent for 120 s.
class Connection {
 public:
  explicit Connection(const Target& target);
  Connection(const Connection&) = delete;
  ~Connection();

  void write(std::string_view octets);
  // Without its CRLF. Valid until the next call.
  std::string_view line();
  void skip(std::uint64_t octets);
  std::string octets(std::uint64_t count);

  std::uint64_t octets_read() const { return octets_read_; }
  std::uint16_t local_port() const;

 private:
  std::size_t read_some(char* into, std::size_t room);
  void fill();

  int socket_ = -1;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, SSL_free};
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t octets_read_ = 0;
};

}  // namespace postern::bench
