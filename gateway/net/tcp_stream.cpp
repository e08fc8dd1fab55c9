#include "gateway/net/tcp_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>

#include "gateway/net/socket.h"

namespace postern {

namespace {
Error broken(int status) {
  return Error(ErrorKind::closed, uv_strerror(status));
}
Error closed_here() {
  return Error(ErrorKind::closed, "the stream was closed");
}
}  // namespace

struct TcpStream::Handle {
  union {
    uv_handle_t any;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  };
  TcpStream* owner = nullptr;  // nullptr once the stream is closed
};

// Lives in the frame of read(). After its resumption nothing of the stream is touched: it may be gone.
struct TcpStream::ReadWait {
  ReadWait(TcpStream& s, Deadline d) : stream(s), deadline(d) {}
  TcpStream& stream;
  Deadline deadline;
  std::coroutine_handle<> waiter;
  Result<std::string_view> result{std::string_view()};

  bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<> self) {
    if (stream.reader_) {
      // LineIo::finish() may meet a session's own reader, which close() then ends.
      result = Error(ErrorKind::internal, "somebody else is reading");
      return false;
    }
    waiter = self;
    stream.reader_ = this;
    stream.watch(deadline);
    return true;
  }
  Result<std::string_view> await_resume() { return std::move(result); }
};

struct TcpStream::WriteWait {
  WriteWait(TcpStream& s, std::string_view o, Deadline d) : stream(s), octets(o), deadline(d) {}
  TcpStream& stream;
  std::string_view octets;
  Deadline deadline;
  std::coroutine_handle<> waiter;
  Result<void> result;

  bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<> self) {
    assert(!stream.writer_);
    waiter = self;
    // Its own allocation: few streams ever have to wait, and libuv may answer after the stream is gone.
    auto* request = new uv_write_t;
    const uv_buf_t buffer =
        uv_buf_init(const_cast<char*>(octets.data()), static_cast<unsigned>(octets.size()));
    const int status =
        uv_write(request, &stream.handle_->stream, &buffer, 1, [](uv_write_t* raw, int outcome) {
          auto* owner = static_cast<Handle*>(raw->handle->data)->owner;
          delete raw;
          if (owner) owner->on_written(outcome);
        });
    if (status != 0) {
      delete request;
      result = broken(status);
      return false;
    }
    stream.writer_ = this;
    stream.watch(deadline);
    return true;
  }
  Result<void> await_resume() { return std::move(result); }
};

void StreamGroup::close_all() {
  const auto members = members_;
  for (TcpStream* stream : members) stream->close();
}

Result<std::unique_ptr<TcpStream>> TcpStream::adopt(Loop& loop, Descriptor socket, PeerAddress peer,
                                                    StreamGroup* group) {
  auto* handle = new Handle;
  int status = 0;
  if (is_unix_socket(socket.get())) {
    uv_pipe_init(loop.raw(), &handle->pipe, 0);
    status = uv_pipe_open(&handle->pipe, socket.get());
  } else {
    uv_tcp_init(loop.raw(), &handle->tcp);
    status = uv_tcp_open(&handle->tcp, socket.get());
    set_stream_options(socket.get());
  }
  handle->any.data = handle;
  if (status != 0) {
    uv_close(&handle->any, [](uv_handle_t* raw) { delete static_cast<Handle*>(raw->data); });
    return broken(status);
  }
  socket.release();
  return std::unique_ptr<TcpStream>(new TcpStream(loop, handle, std::move(peer), group));
}

TcpStream::TcpStream(Loop& loop, Handle* handle, PeerAddress peer, StreamGroup* group)
    : loop_(loop), handle_(handle), peer_(std::move(peer)), group_(group) {
  handle_->owner = this;
  if (group_) group_->members_.insert(this);
  listen();
}

TcpStream::~TcpStream() {
  close();
}

void TcpStream::listen() {
  if (listening_ || ended_) return;
  const int status = uv_read_start(
      &handle_->stream,
      [](uv_handle_t* raw, std::size_t, uv_buf_t* buffer) {
        auto* owner = static_cast<Handle*>(raw->data)->owner;
        const auto shared = owner->loop_.shared_read_buffer();
        const std::size_t room =
            owner->reader_ ? shared.size() : std::min(shared.size(), kPendingMax - owner->pending_.size());
        *buffer = uv_buf_init(shared.data(), static_cast<unsigned>(room));
      },
      [](uv_stream_t* raw, ssize_t count, const uv_buf_t*) {
        static_cast<Handle*>(raw->data)->owner->on_read(count);
      });
  if (status != 0) {
    ended_ = true;
    end_status_ = status;
    return;
  }
  listening_ = true;
}

void TcpStream::on_read(ssize_t count) {
  if (count == 0) return;  // EAGAIN
  if (count < 0) {
    ended_ = true;
    listening_ = false;
    end_status_ = static_cast<int>(count);
    uv_read_stop(&handle_->stream);
  }
  if (ReadWait* reader = std::exchange(reader_, nullptr)) {
    if (count > 0) {
      reader->result = std::string_view(loop_.shared_read_buffer().data(), static_cast<std::size_t>(count));
    } else if (count != UV_EOF) {
      reader->result = broken(end_status_);
    }
    // At once, since the next read callback reuses the buffer.
    reader->waiter.resume();
    return;
  }
  if (count > 0) {
    keep(pending_.size(),
         std::string_view(loop_.shared_read_buffer().data(), static_cast<std::size_t>(count)));
  }
}

void TcpStream::keep(std::size_t position, std::string_view octets) {
  pending_.insert(position, octets);
  if (pending_.size() < kPendingMax || !listening_) return;
  uv_read_stop(&handle_->stream);
  listening_ = false;
}

void TcpStream::give_back(std::string_view octets) {
  if (handle_) keep(0, octets);
}

// A client that sends its request in two small writes (a literal, then the end of its line) holds the second
// back until the first is acknowledged (Nagle), and we would put that off for 40 ms, hoping to send it along
// with an answer (RFC 1122 §4.2.3.2). Where no answer comes before more input, there is nothing to hope for.
void TcpStream::acknowledge_now() {
  uv_os_fd_t socket = -1;
  if (uv_fileno(reinterpret_cast<uv_handle_t*>(&handle_->stream), &socket) != 0) return;
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);  // not for unix sockets, and no matter
}

Task<Result<std::string_view>> TcpStream::read(Deadline deadline) {
  if (!handle_) co_return closed_here();
  const bool unanswered = !std::exchange(answered_, false);
  std::string().swap(served_);
  if (!pending_.empty()) {
    served_.swap(pending_);
    listen();
    co_return std::string_view(served_);
  }
  if (ended_) {
    if (end_status_ != UV_EOF) co_return broken(end_status_);
    co_return std::string_view();
  }
  if (unanswered) acknowledge_now();
  ReadWait wait(*this, deadline);
  co_return co_await wait;
}

Task<Result<void>> TcpStream::write(std::string_view octets, Deadline deadline) {
  if (!handle_) co_return closed_here();
  if (octets.empty()) co_return Result<void>();
  assert(!writer_);
  answered_ = true;
  uv_buf_t buffer = uv_buf_init(const_cast<char*>(octets.data()), static_cast<unsigned>(octets.size()));
  const int taken = uv_try_write(&handle_->stream, &buffer, 1);
  if (taken < 0 && taken != UV_EAGAIN) co_return broken(taken);
  if (taken > 0) octets.remove_prefix(static_cast<std::size_t>(taken));
  if (octets.empty()) co_return Result<void>();
  WriteWait wait(*this, octets, deadline);
  co_return co_await wait;
}

void TcpStream::on_written(int status) {
  WriteWait* writer = std::exchange(writer_, nullptr);
  if (!writer) return;
  if (status != 0) writer->result = broken(status);
  writer->waiter.resume();
}

Task<void> TcpStream::shutdown() {
  if (!handle_) co_return;
  assert(!writer_);
  uv_os_fd_t descriptor = -1;
  // Nothing is queued, so this needs no request of libuv's.
  if (uv_fileno(&handle_->any, &descriptor) == 0) ::shutdown(descriptor, SHUT_WR);
}

void TcpStream::close() {
  if (!handle_) return;
  ended_ = true;
  listening_ = false;
  Handle* handle = std::exchange(handle_, nullptr);
  handle->owner = nullptr;
  uv_close(&handle->any, [](uv_handle_t* raw) { delete static_cast<Handle*>(raw->data); });
  if (group_) group_->members_.erase(this);
  timer_.reset();
  std::string().swap(pending_);
  if (ReadWait* reader = std::exchange(reader_, nullptr)) {
    reader->result = closed_here();
    loop_.resume_soon(reader->waiter);
  }
  if (WriteWait* writer = std::exchange(writer_, nullptr)) {
    writer->result = closed_here();
    loop_.resume_soon(writer->waiter);
  }
}

// The timer is not stopped when a wait ends well: it looks again when it fires. A session that reads command
// after command so pays for one timer start per deadline span, not per command.
void TcpStream::watch(Deadline deadline) {
  if (deadline.at == SteadyTime::max()) return;
  if (!timer_) timer_ = std::make_unique<Timer>(loop_, [this] { on_deadline(); });
  if (timer_->active() && timer_due_ <= deadline.at) return;
  timer_due_ = deadline.at;
  timer_->start(deadline.left());
}

void TcpStream::on_deadline() {
  if (reader_ && reader_->deadline.passed()) {
    ReadWait* reader = std::exchange(reader_, nullptr);
    reader->result = Error(ErrorKind::timed_out, "nothing was received in time");
    loop_.resume_soon(reader->waiter);
  }
  if (writer_ && writer_->deadline.passed()) {
    WriteWait* writer = std::exchange(writer_, nullptr);
    writer->result = Error(ErrorKind::timed_out, "the peer did not take its octets in time");
    loop_.resume_soon(writer->waiter);
    close();
    return;
  }
  if (reader_) watch(reader_->deadline);
  if (writer_) watch(writer_->deadline);
}

}  // namespace postern
