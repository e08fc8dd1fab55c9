#include "gateway/net/line_io.h"

#include <algorithm>

#include "gateway/net/deflate_stream.h"
#include "gateway/net/tls_stream.h"

namespace postern {

LineIo::LineIo(Loop& loop, std::unique_ptr<ByteStream> stream) : loop_(loop), stream_(std::move(stream)) {}
LineIo::~LineIo() = default;

void LineIo::drop_input() {
  std::string().swap(input_);
  taken_ = 0;
}

// More input behind what is there. While it waits, an empty buffer is no buffer.
Task<Result<void>> LineIo::fill(Deadline deadline) {
  if (has_buffered_input()) {
    input_.erase(0, taken_);
    taken_ = 0;
  } else {
    drop_input();
  }
  CO_TRY(std::string_view octets, co_await stream_->read(deadline));
  if (octets.empty()) co_return Error(ErrorKind::closed, "end of the stream");
  input_ += octets;
  co_return Result<void>();
}

Line LineIo::take_line(std::size_t text_octets, std::size_t line_octets) {
  Line line;
  line.text = input_.substr(taken_, text_octets);
  line.has_nul = line.text.find('\0') != std::string::npos;
  line.has_bare_cr = line.text.find('\r') != std::string::npos;
  taken_ += line_octets;
  if (!has_buffered_input()) drop_input();
  return line;
}

Task<Result<Line>> LineIo::read_line(std::size_t octets_max, Deadline deadline) {
  std::size_t searched = 0;
  while (true) {
    const std::string_view unread = std::string_view(input_).substr(taken_);
    const std::size_t feed = unread.find('\n', searched);
    const bool found = feed != std::string_view::npos;
    const bool has_cr = found && feed > 0 && unread[feed - 1] == '\r';
    const std::size_t text_octets = has_cr ? feed - 1 : feed;
    if (found && text_octets <= octets_max) {
      Line line = take_line(text_octets, feed + 1);
      line.bare_lf = !has_cr;
      co_return line;
    }
    // One octet beyond the bound may still be the CR of the line end.
    const bool may_end = unread.size() == octets_max + 1 && unread.back() == '\r';
    if (found || (unread.size() > octets_max && !may_end)) {
      Line line = take_line(octets_max, octets_max);
      line.too_long = true;
      co_return line;
    }
    searched = unread.size();
    CO_TRY_VOID(co_await fill(deadline));
  }
}

Task<Result<std::string_view>> LineIo::read_some(std::size_t octets_max, Deadline deadline) {
  if (!has_buffered_input()) {
    drop_input();
    CO_TRY(std::string_view octets, co_await stream_->read(deadline));
    if (octets.empty()) co_return Error(ErrorKind::closed, "end of the stream");
    if (octets.size() > octets_max) input_ = octets.substr(octets_max);
    co_return octets.substr(0, octets_max);
  }
  const auto some = std::string_view(input_).substr(taken_, octets_max);
  taken_ += some.size();
  co_return some;
}

void LineIo::give_back(std::string_view tail) {
  const bool from_input = taken_ >= tail.size() && tail.data() + tail.size() == input_.data() + taken_;
  if (from_input) {
    taken_ -= tail.size();
  } else {
    input_.insert(taken_, tail);
  }
}

Task<Result<void>> LineIo::flush(Deadline deadline) {
  if (output_.empty()) co_return Result<void>();
  // Held here, since put() may be called while the peer takes its time.
  const std::string sending = std::exchange(output_, std::string());
  co_return co_await stream_->write(sending, deadline);
}

Task<Result<void>> LineIo::flush_if_full(Deadline deadline) {
  if (output_.size() < kOutputFull) co_return Result<void>();
  co_return co_await flush(deadline);
}

Task<Result<void>> LineIo::write(std::string_view octets, Deadline deadline) {
  CO_TRY_VOID(co_await flush(deadline));
  co_return co_await stream_->write(octets, deadline);
}

Task<Result<void>> LineIo::start_tls(TlsContext& context, Deadline deadline, std::string alpn) {
  if (has_octets_in_clear()) co_return Error(ErrorKind::denied, "octets in clear after STARTTLS");
  drop_input();
  auto tls = TlsStream::server(loop_, std::move(stream_), context.current(), std::move(alpn));
  co_return co_await speak_tls(std::move(tls), deadline);
}

void LineIo::compress() {
  std::string received = input_.substr(taken_);
  drop_input();
  stream_ = std::make_unique<DeflateStream>(std::move(stream_), std::move(received));
}

Task<Result<void>> LineIo::start_tls_client(std::shared_ptr<SSL_CTX> context, std::string server_name,
                                            Deadline deadline) {
  if (has_octets_in_clear()) co_return Error(ErrorKind::denied, "octets in clear before the handshake");
  drop_input();
  auto tls = TlsStream::client(loop_, std::move(stream_), std::move(context), std::move(server_name));
  co_return co_await speak_tls(std::move(tls), deadline);
}

// Then the connection is closed: somebody tries to be heard through TLS who does not speak it.
bool LineIo::has_octets_in_clear() {
  const bool found = has_buffered_input() || stream_->has_unread();
  if (found) close();
  return found;
}

Task<Result<void>> LineIo::speak_tls(std::unique_ptr<TlsStream> tls, Deadline deadline) {
  TlsStream& handshaking = *tls;
  stream_ = std::move(tls);
  auto done = co_await handshaking.handshake(deadline);
  if (!done) close();
  co_return done;
}

Task<void> LineIo::finish(Deadline deadline) {
  auto flushed = co_await flush(deadline);
  if (flushed) {
    co_await stream_->shutdown();
    Deadline linger = Deadline::after(kLinger);
    linger.at = std::min(linger.at, deadline.at);
    for (std::size_t dropped = 0; dropped < kLingerOctetsMax;) {
      auto octets = co_await stream_->read(linger);
      if (!octets || octets->empty()) break;
      dropped += octets->size();
    }
  }
  close();
}

void LineIo::close() {
  drop_input();
  std::string().swap(output_);
  stream_->close();
}

}  // namespace postern
