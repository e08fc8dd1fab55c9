// Readiness of a socket that belongs to libpq. It watches a duplicate of the descriptor: libpq closes its own
// without asking (at the end of a connection, between attempts), and the number may be reused at once.
#pragma once

#include <functional>

#include "gateway/async/loop.h"

namespace postern::postgres {

class SocketWatch {
 public:
  // `events` of the callback: UV_READABLE, UV_WRITABLE; both when polling failed, so that the owner finds
  // out. The callback may destroy the watch.
  SocketWatch(Loop& loop, int descriptor, std::function<void(int events)> on_ready);
  ~SocketWatch();
  SocketWatch(const SocketWatch&) = delete;
  SocketWatch& operator=(const SocketWatch&) = delete;

  void want(int events);

 private:
  struct Handle;
  Handle* handle_ = nullptr;  // libuv frees handles later than their owner; the close callback deletes it
  int wanted_ = 0;
};

// True once the socket is ready for one of `events`, false at the deadline.
Task<bool> socket_ready(Loop& loop, int descriptor, int events, Deadline deadline);

}  // namespace postern::postgres
