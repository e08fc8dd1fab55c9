#include "storage/postgres/socket_watch.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "gateway/async/channel.h"

namespace postern::postgres {

struct SocketWatch::Handle {
  uv_poll_t poll;
  int descriptor;
  std::function<void(int)> on_ready;
  int events = 0;

  void start(int wanted) {
    events = wanted;
    uv_poll_start(&poll, events, [](uv_poll_t* raw, int status, int ready) {
      Handle& self = *static_cast<Handle*>(raw->data);
      if (status >= 0) return self.on_ready(ready);
      // libuv stops watching a socket with an error, and the octets before the error may take several reads.
      self.start(self.events);
      self.on_ready(UV_READABLE | UV_WRITABLE);
    });
  }
};

SocketWatch::SocketWatch(Loop& loop, int descriptor, std::function<void(int events)> on_ready) {
  const int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (own < 0) throw std::runtime_error("cannot duplicate a database socket");
  handle_ = new Handle{{}, own, std::move(on_ready), 0};
  uv_poll_init(loop.raw(), &handle_->poll, own);
  handle_->poll.data = handle_;
}

SocketWatch::~SocketWatch() {
  uv_poll_stop(&handle_->poll);
  close(handle_->descriptor);
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll),
           [](uv_handle_t* raw) { delete static_cast<Handle*>(raw->data); });
}

void SocketWatch::want(int events) {
  if (events == wanted_) return;
  wanted_ = events;
  handle_->start(events);
}

Task<bool> socket_ready(Loop& loop, int descriptor, int events, Deadline deadline) {
  if (deadline.passed()) co_return false;
  Channel<bool> answer(loop);
  Timer timer(loop, [&answer] { answer.send(false); });
  SocketWatch watch(loop, descriptor, [&answer](int) {
    if (answer.empty()) answer.send(true);
  });
  watch.want(events);
  // libuv counts milliseconds in 64 bits from its own start; a day is as good as for ever.
  constexpr Milliseconds kDay(86'400'000);
  timer.start(std::min(deadline.left(), kDay));
  const std::optional<bool> ready = co_await answer.next();
  co_return ready.value_or(false);
}

}  // namespace postern::postgres
