// What the tests of this room share: running a coroutine to its end on a loop, a pair of connected streams,
// and a directory that goes away.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <filesystem>
#include <string>

#include "gateway/async/task_scope.h"
#include "gateway/net/tcp_stream.h"

namespace postern {

// Runs until the task has ended; what it leaves behind on the loop keeps running in later calls.
inline void run_task(Loop& loop, Task<void> task) {
  std::exception_ptr bug;
  {
    TaskScope scope(loop, [&](std::exception_ptr caught) { bug = caught; });
    scope.start(std::move(task));
    while (scope.running() > 0 && uv_run(loop.raw(), UV_RUN_ONCE) != 0) {
    }
    ASSERT_EQ(scope.running(), 0U) << "the task waits for something that cannot happen";
  }
  if (bug) std::rethrow_exception(bug);
}

// One end is a stream on the loop, the other a plain descriptor or a second stream.
struct SocketPair {
  Descriptor ours;
  Descriptor theirs;
  SocketPair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
  }
};

inline std::unique_ptr<TcpStream> stream_over(Loop& loop, Descriptor socket) {
  auto stream = TcpStream::adopt(loop, std::move(socket), PeerAddress());
  EXPECT_TRUE(stream);
  return *std::move(stream);
}

struct StreamPair {
  std::unique_ptr<TcpStream> server;
  std::unique_ptr<TcpStream> client;
  explicit StreamPair(Loop& loop) {
    SocketPair sockets;
    server = stream_over(loop, std::move(sockets.ours));
    client = stream_over(loop, std::move(sockets.theirs));
  }
};

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "postern-net-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline Deadline soon() {
  return Deadline::after(Milliseconds(10'000));
}

}  // namespace postern
