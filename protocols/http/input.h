// What a client sends, kept until somebody takes it, and the one place where a connection waits for it. Also
// tells a handler that waits for something else that its client has gone.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "gateway/net/front_end.h"

namespace postern::http {

enum class Heard : std::uint8_t { octets, ended, timed_out, stopping };

class Input {
 public:
  // All outlive the Input. Its stream is closed and drained() awaited before it goes.
  Input(Loop& loop, ByteStream& stream, StopSignal* stop);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  std::string_view unread() const { return std::string_view(buffer_).substr(taken_); }
  void take(std::size_t octets);  // off the front; an empty buffer gives its memory back

  // Until there is more than now. `stopping` only if asked for: between requests.
  enum class Stop : std::uint8_t { ignored, heard };
  Task<Heard> more(Deadline deadline, Stop stop);

  // Calls back once when the client closes its side or the server stops; at once if that has happened. What
  // the client sends meanwhile is kept, up to kInputOctetsMax. The callback only sends to a channel.
  void watch(std::function<void()> on_gone);
  void unwatch() { on_gone_ = nullptr; }
  bool gone() const { return ended_ || stopping(); }
  bool ended() const { return ended_; }
  bool stopping() const { return stop_ != nullptr && stop_->stopping(); }

  Task<void> drained() { return reading_scope_.drained(); }

 private:
  void start_reading();
  Task<void> read_on();
  void wake();
  void tell_if_gone();

  ByteStream& stream_;
  StopSignal* stop_;
  StopSignal::Handle stop_handle_;
  std::string buffer_;
  std::size_t taken_ = 0;
  std::function<void()> on_gone_;
  bool wanted_ = false;   // somebody waits for octets
  bool reading_ = false;  // the stream's one read is ours
  bool ended_ = false;
  Channel<char> woken_;
  Timer timer_;
  TaskScope reading_scope_;
};

}  // namespace postern::http
