// The two protocols of one-line answers: LMTP (RFC 2033) for what comes in, POP3 (RFC 1939).
#pragma once

#include <string>
#include <string_view>

#include "tests/bench/client/connection.h"
#include "tests/bench/client/imap.h"

namespace postern::bench {

class Lmtp {
 public:
  explicit Lmtp(const Target& target);
  // One message, as octets with CRLF line ends and no line that begins with a dot. The envelope goes out in
  // one write if the server offers PIPELINING (RFC 2920). Returns once the recipient has its 250.
  void deliver(const std::string& recipient, std::string_view octets);
  std::uint16_t local_port() const { return connection_.local_port(); }

 private:
  void expect(std::string_view code);

  Connection connection_;
  bool pipelining_ = false;
};

class Pop3 {
 public:
  explicit Pop3(const Target& target);
  // "+OK …" or Failure.
  std::string command(const std::string& text);
  // Of a multi-line answer: its lines without the dot, and its octets.
  struct Listing {
    std::uint64_t lines = 0;
    std::uint64_t octets = 0;
  };
  Listing listing(const std::string& text);
  void send(std::string_view commands) { connection_.write(commands); }
  Listing read_listing();

 private:
  std::string status();

  Connection connection_;
};

}  // namespace postern::bench
