#include "gateway/async/poll_watch.h"

#include <stdexcept>

namespace postern {

struct PollWatch::Handle {
  uv_poll_t poll;
  std::function<void(int)> on_ready;
};

PollWatch::PollWatch(Loop& loop, int descriptor, std::function<void(int)> on_ready)
    : handle_(new Handle{{}, std::move(on_ready)}) {
  handle_->poll.data = handle_;
  if (uv_poll_init(loop.raw(), &handle_->poll, descriptor) != 0) {
    delete handle_;
    throw std::runtime_error("cannot watch a descriptor");
  }
}

PollWatch::~PollWatch() {
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll),
           [](uv_handle_t* raw) { delete static_cast<Handle*>(raw->data); });
}

void PollWatch::start(int events) {
  uv_poll_start(&handle_->poll, events, [](uv_poll_t* poll, int status, int ready) {
    // A copy: the callback may destroy the PollWatch.
    auto call = static_cast<Handle*>(poll->data)->on_ready;
    call(status < 0 ? UV_READABLE | UV_WRITABLE : ready);
  });
}

void PollWatch::stop() {
  uv_poll_stop(&handle_->poll);
}

}  // namespace postern
