#include "gateway/net/tcp_stream.h"

#include <sys/socket.h>

#include "tests/unit/net/net_fixture.h"

namespace postern {
namespace {

using OctetsResult = Result<std::string_view>;

class TcpStreamTest : public ::testing::Test {
 protected:
  TcpStreamTest() : ours_(stream_over(loop_, std::move(sockets_.ours))) {}
  void peer_sends(std::string_view octets) {
    ASSERT_EQ(::send(sockets_.theirs.get(), octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT),
              static_cast<ssize_t>(octets.size()));
  }
  void turn() { uv_run(loop_.raw(), UV_RUN_NOWAIT); }

  Loop loop_;
  SocketPair sockets_;
  std::unique_ptr<TcpStream> ours_;
};

Task<void> read_into(ByteStream& stream, Deadline deadline, std::string& octets, std::string& outcome) {
  auto read = co_await stream.read(deadline);
  outcome = read ? "ok" : std::string(name_of(read.error().kind));
  if (read) octets = *read;
}

Task<void> write_all(ByteStream& stream, std::string octets, Deadline deadline, std::string& outcome) {
  auto written = co_await stream.write(octets, deadline);
  outcome = written ? "ok" : std::string(name_of(written.error().kind));
}

TEST_F(TcpStreamTest, WaitingReaderGetsViewOfSharedBuffer) {
  const char* seen = nullptr;
  struct Reading {
    static Task<void> run(ByteStream& stream, const char*& data, std::string& text) {
      auto read = co_await stream.read(soon());
      data = read->data();
      text = *read;
    }
  };
  std::string text;
  TaskScope scope(loop_);
  scope.start(Reading::run(*ours_, seen, text));
  peer_sends("hello");
  turn();
  EXPECT_EQ(scope.running(), 0U);
  EXPECT_EQ(text, "hello");
  EXPECT_EQ(seen, loop_.shared_read_buffer().data());
}

TEST_F(TcpStreamTest, KeepsWhatArrivesWhileNobodyReads) {
  peer_sends("one");
  turn();
  EXPECT_TRUE(ours_->has_unread());
  peer_sends("two");
  turn();
  std::string octets;
  std::string outcome;
  run_task(loop_, read_into(*ours_, soon(), octets, outcome));
  EXPECT_EQ(octets, "onetwo");
  EXPECT_FALSE(ours_->has_unread());
}

TEST_F(TcpStreamTest, StopsReadingAtTheBoundAndGoesOnAfterwards) {
  const std::string chunk(TcpStream::kPendingMax / 2 + 1, 'x');
  std::size_t sent = 0;
  ssize_t taken = 0;
  // The peer can fill the bound and the kernel's buffers, and then no more.
  for (int turns = 0; turns < 100; ++turns) {
    taken = ::send(sockets_.theirs.get(), chunk.data(), chunk.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (taken > 0) sent += static_cast<std::size_t>(taken);
    turn();
  }
  EXPECT_LT(taken, 0);
  std::string octets;
  std::string outcome;
  run_task(loop_, read_into(*ours_, soon(), octets, outcome));
  EXPECT_EQ(octets.size(), TcpStream::kPendingMax);
  std::size_t received = octets.size();
  while (received < sent) {
    run_task(loop_, read_into(*ours_, soon(), octets, outcome));
    ASSERT_EQ(outcome, "ok");
    received += octets.size();
  }
  EXPECT_EQ(received, sent);
}

TEST_F(TcpStreamTest, NoticesTheEndWhileNobodyReads) {
  peer_sends("last words");
  sockets_.theirs.reset();
  turn();
  turn();
  EXPECT_TRUE(ours_->ended());
  std::string octets;
  std::string outcome;
  run_task(loop_, read_into(*ours_, soon(), octets, outcome));
  EXPECT_EQ(octets, "last words");
  run_task(loop_, read_into(*ours_, soon(), octets, outcome));
  EXPECT_EQ(outcome, "ok");
  EXPECT_EQ(octets, "");
}

TEST_F(TcpStreamTest, ReadDeadlineFiresAndTheStreamLives) {
  std::string octets;
  std::string outcome;
  run_task(loop_, read_into(*ours_, Deadline::after(Milliseconds(5)), octets, outcome));
  EXPECT_EQ(outcome, "timed_out");
  peer_sends("late");
  run_task(loop_, read_into(*ours_, soon(), octets, outcome));
  EXPECT_EQ(octets, "late");
}

TEST_F(TcpStreamTest, EarlierDeadlineReplacesLaterOne) {
  std::string octets;
  std::string outcome;
  peer_sends("a");
  run_task(loop_, read_into(*ours_, Deadline::after(Milliseconds(3'600'000)), octets, outcome));
  EXPECT_EQ(outcome, "ok");
  run_task(loop_, read_into(*ours_, Deadline::after(Milliseconds(5)), octets, outcome));
  EXPECT_EQ(outcome, "timed_out");
}

TEST_F(TcpStreamTest, CloseEndsWaitsAndMayBeRepeated) {
  std::string octets;
  std::string read_outcome;
  std::string write_outcome;
  TaskScope scope(loop_);
  scope.start(read_into(*ours_, Deadline(), octets, read_outcome));
  scope.start(write_all(*ours_, std::string(10'000'000, 'x'), Deadline(), write_outcome));
  ASSERT_EQ(scope.running(), 2U);
  ours_->close();
  ours_->close();
  EXPECT_EQ(read_outcome, "") << "nobody is resumed inside close()";
  while (scope.running() > 0) turn();
  EXPECT_EQ(read_outcome, "closed");
  EXPECT_EQ(write_outcome, "closed");
  run_task(loop_, read_into(*ours_, soon(), octets, read_outcome));
  EXPECT_EQ(read_outcome, "closed");
}

TEST_F(TcpStreamTest, SlowPeerSuspendsTheWriterUntilItTakesAll) {
  std::string sent(5'000'000, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 7 >> 3);
  std::string outcome;
  TaskScope scope(loop_);
  scope.start(write_all(*ours_, sent, Deadline(), outcome));
  for (int i = 0; i < 20; ++i) turn();
  EXPECT_EQ(outcome, "");
  std::string received;
  std::array<char, 65536> buffer;
  while (received.size() < sent.size()) {
    const ssize_t count = ::recv(sockets_.theirs.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) received.append(buffer.data(), static_cast<std::size_t>(count));
    turn();
  }
  while (scope.running() > 0) turn();
  EXPECT_EQ(outcome, "ok");
  EXPECT_TRUE(received == sent);
}

TEST_F(TcpStreamTest, WriteDeadlineClosesTheStream) {
  std::string octets;
  std::string read_outcome;
  std::string write_outcome;
  TaskScope scope(loop_);
  scope.start(read_into(*ours_, Deadline(), octets, read_outcome));
  scope.start(
      write_all(*ours_, std::string(10'000'000, 'x'), Deadline::after(Milliseconds(5)), write_outcome));
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  EXPECT_EQ(write_outcome, "timed_out");
  EXPECT_EQ(read_outcome, "closed");
}

TEST_F(TcpStreamTest, WriteToPeerThatLeftIsClosed) {
  sockets_.theirs.reset();
  std::string outcome;
  run_task(loop_, write_all(*ours_, "anybody?", soon(), outcome));
  EXPECT_EQ(outcome, "closed");
}

TEST_F(TcpStreamTest, GivenBackOctetsComeFirst) {
  peer_sends("world");
  turn();
  ours_->give_back("hello ");
  std::string octets;
  std::string outcome;
  run_task(loop_, read_into(*ours_, soon(), octets, outcome));
  EXPECT_EQ(octets, "hello world");
}

TEST_F(TcpStreamTest, DestroyedWhileItsReaderWaits) {
  std::string octets;
  std::string outcome;
  TaskScope scope(loop_);
  scope.start(read_into(*ours_, Deadline(), octets, outcome));
  ours_.reset();
  while (scope.running() > 0) turn();
  EXPECT_EQ(outcome, "closed");
}

TEST_F(TcpStreamTest, ShutdownIsSeenAsEndByThePeer) {
  struct Ending {
    static Task<void> run(ByteStream& stream) {
      (void)co_await stream.write("bye", soon());
      co_await stream.shutdown();
    }
  };
  run_task(loop_, Ending::run(*ours_));
  char buffer[8];
  EXPECT_EQ(::recv(sockets_.theirs.get(), buffer, sizeof buffer, 0), 3);
  EXPECT_EQ(::recv(sockets_.theirs.get(), buffer, sizeof buffer, 0), 0);
}

}  // namespace
}  // namespace postern
