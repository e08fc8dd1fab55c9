// An IMAP session of the load client (RFC 3501): commands out, and enough understanding of the answers to
// count them. A command that is not answered OK ends the run.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "tests/bench/client/connection.h"

namespace postern::bench {

struct Answer {
  std::string status;          // what follows the tag: "OK …"
  std::uint64_t fetches = 0;   // untagged FETCH responses
  std::uint64_t expunges = 0;  // untagged EXPUNGE, and messages in VANISHED
  std::uint64_t exists = 0;    // the last untagged EXISTS
  std::uint64_t literals = 0;  // octets in literals
  double ms = 0;               // from the first octet sent to the last line read
};

struct Login {
  std::string user;
  std::string password;
};
Login login_of(const Options& options);  // --user, --password

class Imap {
 public:
  // Connects and logs in.
  Imap(const Target& target, const Login& login);

  // Lines of untagged responses without their literals; valid during the call only.
  using Untagged = std::function<void(std::string_view line)>;
  // Throws Failure unless the answer is OK.
  Answer command(const std::string& text, const Untagged& untagged = {});
  // The same for an answer that may be NO.
  Answer attempt(const std::string& text, const Untagged& untagged = {});

  Answer select(const std::string& mailbox, const std::string& parameters = {});
  // A fresh, empty mailbox.
  void make_mailbox(const std::string& mailbox);
  bool offers(std::string_view capability);

  void start_idle();
  std::string_view next_line() { return connection_.line(); }
  void end_idle();

  std::uint64_t octets_read() const { return connection_.octets_read(); }
  std::uint16_t local_port() const { return connection_.local_port(); }

 private:
  void read_answer(const std::string& tag, Answer& answer, const Untagged& untagged);

  Connection connection_;
  std::string capabilities_;
  std::string line_;  // one with literals
  unsigned commands_ = 0;
};

// "expected 100 FETCH, got 99": throws Failure unless they are the same.
void expect_count(const std::string& what, std::uint64_t expected, std::uint64_t got);

}  // namespace postern::bench
