// FrontEnd: a protocol's door. The listener accepts, does implicit TLS and the PROXY header, counts
// connections, and hands over a Connection; the door speaks its protocol until the connection ends.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/net/byte_stream.h"

namespace postern {

class TlsContext;

enum class TlsMode : std::uint8_t { none, starttls, implicit };

// One address a door listens at.
struct Endpoint {
  std::string address = "0.0.0.0";  // IPv4, IPv6, or "unix:/path"
  std::uint16_t port = 0;           // 0: the kernel chooses (tests)
  TlsMode tls = TlsMode::none;
  std::string alpn;                     // the one ALPN protocol id of this door ("imap"); empty: any
  std::vector<std::string> proxy_from;  // networks whose PROXY header is required and believed
  bool owner_only = false;              // a unix socket for the server's own user and root alone
};

// "Stop" for what serves a connection: a drain, or an administrator, asks its session to say goodbye when its
// command is done.
class StopSignal {
 public:
  using Handle = std::list<std::function<void()>>::iterator;
  Handle listen(std::function<void()> on_stop) {
    return listeners_.insert(listeners_.end(), std::move(on_stop));
  }
  void forget(Handle handle) { listeners_.erase(handle); }
  bool stopping() const { return stopping_; }
  void stop() {  // callbacks only send to channels
    stopping_ = true;
    for (const auto& on_stop : listeners_) on_stop();
  }

 private:
  bool stopping_ = false;
  std::list<std::function<void()>> listeners_;
};

struct Connection {
  Connection() = default;
  Connection(Connection&&) = default;
  Connection& operator=(Connection&&) = default;
  ~Connection() = default;

  std::uint64_t id = 0;  // one number per session, on every line of its life in the log
  std::unique_ptr<ByteStream> stream;
  const Endpoint* endpoint = nullptr;   // outlives the connection
  TlsContext* tls = nullptr;            // for STARTTLS; nullptr: not offered
  StopSignal* stop = nullptr;           // outlives the connection
  std::function<void()> authenticated;  // moves it from the pre-authentication slots to the others; call once
};

class FrontEnd {
 public:
  virtual ~FrontEnd() = default;
  virtual std::string_view name() const = 0;  // "imap"; also in the log
  virtual std::vector<Endpoint> endpoints() const = 0;
  // Takes the connection over and returns when it is finished. An exception is a bug; the listener logs it
  // and closes the connection.
  virtual Task<void> serve(Connection connection) = 0;
};

}  // namespace postern
