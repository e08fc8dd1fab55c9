// One client's connection (RFC 9112): requests one after the other, in order, each answered before the next
// is looked at. What is pipelined waits in a bounded buffer and then with the kernel.
//
// A connection on which nobody has logged in lives for limits.unauthenticated_life_s only.
#pragma once

#include <memory>
#include <optional>

#include "protocols/http/exchange.h"
#include "protocols/http/router.h"

namespace postern::http {

class ServerConnection {
 public:
  ServerConnection(const Surroundings& around, const Router& router, postern::Connection connection);

  // Until the client, an error, a limit or the server's stop ends it.
  Task<void> serve();

 private:
  Task<void> serve_requests();
  Task<bool> read_head();      // false: nothing more to serve
  Task<bool> serve_request();  // true: there may be another
  Task<Result<void>> handle(Exchange& exchange);
  Task<void> refuse(int status, std::string_view reason);
  Task<void> linger();
  Deadline life_end() const;
  bool may_keep_alive() const;

  const Surroundings& around_;
  const Router& router_;
  postern::Connection connection_;
  std::unique_ptr<ByteStream> stream_;
  Input input_;
  std::optional<RequestParser> parser_;
  const SteadyTime began_;
  bool authenticated_ = false;
  std::uint32_t requests_ = 0;
};

}  // namespace postern::http
