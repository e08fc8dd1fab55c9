#include "protocols/http/input.h"

#include "protocols/http/limits.h"

namespace postern::http {

Input::Input(Loop& loop, ByteStream& stream, StopSignal* stop)
    : stream_(stream), stop_(stop), woken_(loop), timer_(loop, [this] { wake(); }), reading_scope_(loop) {
  if (stop_ == nullptr) return;
  stop_handle_ = stop_->listen([this] {
    wake();
    tell_if_gone();
  });
}

Input::~Input() {
  if (stop_ != nullptr) stop_->forget(stop_handle_);
}

void Input::take(std::size_t octets) {
  taken_ += octets;
  if (taken_ < buffer_.size()) return;
  std::string().swap(buffer_);
  taken_ = 0;
}

void Input::wake() {
  if (woken_.empty()) woken_.send('w');
}

Task<Heard> Input::more(Deadline deadline, Stop stop) {
  const std::size_t before = unread().size();
  Heard heard = Heard::timed_out;
  while (true) {
    if (unread().size() > before) {
      heard = Heard::octets;
    } else if (ended_) {
      heard = Heard::ended;
    } else if (stop == Stop::heard && stopping()) {
      heard = Heard::stopping;
    } else if (!deadline.passed()) {
      wanted_ = true;
      start_reading();
      if (deadline.at != SteadyTime::max()) timer_.start(deadline.left());
      co_await woken_.next();
      timer_.stop();
      continue;
    }
    break;
  }
  wanted_ = false;
  co_return heard;
}

void Input::watch(std::function<void()> on_gone) {
  on_gone_ = std::move(on_gone);
  start_reading();
  tell_if_gone();
}

void Input::tell_if_gone() {
  if (!gone() || !on_gone_) return;
  const auto tell = std::exchange(on_gone_, nullptr);
  tell();
}

void Input::start_reading() {
  if (reading_ || ended_) return;
  reading_scope_.start(read_on());
}

Task<void> Input::read_on() {
  reading_ = true;
  while (!ended_ && (wanted_ || on_gone_) && buffer_.size() - taken_ < kInputOctetsMax) {
    auto octets = co_await stream_.read(Deadline());
    if (octets && !octets->empty()) {
      buffer_.erase(0, std::exchange(taken_, 0));
      buffer_ += *octets;
    } else {
      ended_ = true;
    }
    wake();
    tell_if_gone();
    // One read for each wait: what nobody asked for stays with the kernel.
    wanted_ = false;
  }
  reading_ = false;
}

}  // namespace postern::http
