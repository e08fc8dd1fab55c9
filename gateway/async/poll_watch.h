// Tells when a descriptor may be read or written. For descriptors that libuv has no handle for (listening
// sockets, sockets that are connecting); it does not own the descriptor and must go before that is closed.
#pragma once

#include <functional>

#include "gateway/async/loop.h"

namespace postern {

class PollWatch {
 public:
  // `on_ready` gets UV_READABLE and UV_WRITABLE bits; after an error both, so that the next call shows it.
  PollWatch(Loop& loop, int descriptor, std::function<void(int)> on_ready);
  ~PollWatch();
  PollWatch(const PollWatch&) = delete;
  PollWatch& operator=(const PollWatch&) = delete;
  void start(int events);  // level-triggered, until stop()
  void stop();

 private:
  struct Handle;
  Handle* handle_;  // libuv frees handles later than their owner; the close callback deletes it
};

}  // namespace postern
