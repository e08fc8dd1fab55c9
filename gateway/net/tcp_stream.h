// TcpStream: a ByteStream over a connected TCP or unix socket.
//
// It always listens, into the loop's shared buffer: a waiting reader gets a view of that buffer; if nobody
// waits, octets are kept up to kPendingMax and then the socket is left alone (back-pressure). So the end of
// the stream is noticed while the session is busy, and an idle stream holds no buffer.
// One reader and one writer at a time. A write that misses its deadline closes the stream, since the peer may
// have got a part of it.
#pragma once

#include <memory>
#include <string>
#include <unordered_set>

#include "gateway/net/byte_stream.h"
#include "gateway/net/descriptor.h"

namespace postern {

class TcpStream;

// Streams that may have to be closed together, wherever they went: the sessions of a listener.
class StreamGroup {
 public:
  void close_all();
  std::size_t size() const { return members_.size(); }

 private:
  friend class TcpStream;
  std::unordered_set<TcpStream*> members_;
};

class TcpStream final : public ByteStream {
 public:
  static constexpr std::size_t kPendingMax = 64 * 1024;

  // Takes over a connected socket. The group, if any, outlives the stream.
  static Result<std::unique_ptr<TcpStream>> adopt(Loop& loop, Descriptor socket, PeerAddress peer,
                                                  StreamGroup* group = nullptr);
  ~TcpStream() override;

  Task<Result<std::string_view>> read(Deadline deadline) override;
  Task<Result<void>> write(std::string_view octets, Deadline deadline) override;
  Task<void> shutdown() override;
  void close() override;
  bool ended() const override { return ended_; }
  bool has_unread() const override { return !pending_.empty(); }
  const PeerAddress& peer() const override { return peer_; }
  const TlsInfo* tls() const override { return nullptr; }

  // The next read gets these octets first. For a reader that took more than was its own (PROXY header).
  void give_back(std::string_view octets);
  // The client behind a trusted proxy.
  void set_peer(PeerAddress peer) { peer_ = std::move(peer); }

 private:
  struct Handle;
  struct ReadWait;
  struct WriteWait;

  TcpStream(Loop& loop, Handle* handle, PeerAddress peer, StreamGroup* group);
  void listen();
  void on_read(ssize_t count);
  void keep(std::size_t position, std::string_view octets);
  void on_written(int status);
  void on_deadline();
  void watch(Deadline deadline);
  void acknowledge_now();

  Loop& loop_;
  Handle* handle_;  // libuv frees handles later than their owner; nullptr once closed
  PeerAddress peer_;
  StreamGroup* group_;
  std::string pending_;  // received while nobody waited
  std::string served_;   // what the last read() handed out, if that came from pending_
  ReadWait* reader_ = nullptr;
  WriteWait* writer_ = nullptr;
  std::unique_ptr<Timer> timer_;
  SteadyTime timer_due_;
  int end_status_ = 0;  // why reading ended: UV_EOF or an error
  bool listening_ = false;
  bool ended_ = false;
  bool answered_ = true;  // something was written since the last read
};

}  // namespace postern
