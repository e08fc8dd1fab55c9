// ByteStream: octets in order, both ways, encrypted or not. TcpStream and TlsStream are the two kinds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/async/loop.h"
#include "gateway/async/task.h"
#include "gateway/base/result.h"

namespace postern {

struct PeerAddress {
  std::string host;  // "192.0.2.7" or "2001:db8::1", no brackets; empty for a unix socket
  std::uint16_t port = 0;
  bool is_loopback() const;  // 127.0.0.0/8, ::1, mapped forms, or a unix socket
};

// What TLS agreed on. Absent on a plain stream.
struct TlsInfo {
  std::string version;  // "1.3"
  std::string cipher;
  std::string server_name;        // SNI as sent; empty if none
  std::string alpn;               // chosen; empty if none
  std::string binding_end_point;  // RFC 5929 tls-server-end-point: hash of our certificate
  std::string binding_exporter;   // RFC 9266 tls-exporter; empty below TLS 1.3
};

// One read and one write at a time; the stream outlives both (to end them, close it and wait for them).
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // The next octets, at least one; empty at the end of the stream. The view lives until this coroutine's
  // next co_await. Errors: timed_out at the deadline, closed when the connection broke, internal if somebody
  // else is waiting here already.
  virtual Task<Result<std::string_view>> read(Deadline deadline) = 0;
  // Returns when the kernel (or the TLS layer and then the kernel) has taken all octets, which must live
  // until then: a slow peer suspends the writer. Errors: closed, timed_out (peer takes nothing until then).
  virtual Task<Result<void>> write(std::string_view octets, Deadline deadline) = 0;
  // Orderly end of our direction (close_notify, FIN). Nothing can be written afterwards.
  virtual Task<void> shutdown() = 0;
  // At once; pending and later reads and writes return closed. Never fails, may be repeated.
  virtual void close() = 0;
  // The peer has gone (end of stream or error seen), even if nobody is reading.
  virtual bool ended() const = 0;
  // Octets have been received that no read() has taken yet.
  virtual bool has_unread() const { return false; }

  virtual const PeerAddress& peer() const = 0;
  virtual const TlsInfo* tls() const = 0;  // nullptr: in clear
};

}  // namespace postern
