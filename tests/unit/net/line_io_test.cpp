#include "gateway/net/line_io.h"

#include <sys/socket.h>

#include "tests/unit/net/net_fixture.h"

namespace postern {
namespace {

constexpr std::size_t kMax = 8;

// "text", "text!" (too long), "text~" (bare LF), "text0" (NUL), "text^" (bare CR); then the error's name.
Task<void> read_lines(LineIo& io, std::string& shown) {
  while (true) {
    auto line = co_await io.read_line(kMax, soon());
    if (!line) {
      shown += name_of(line.error().kind);
      co_return;
    }
    for (char c : line->text) shown += c == '\0' ? '.' : c == '\r' ? ',' : c;
    if (line->too_long) shown += '!';
    if (line->bare_lf) shown += '~';
    if (line->has_nul) shown += '0';
    if (line->has_bare_cr) shown += '^';
    shown += '|';
  }
}

struct LineCase {
  std::string_view octets;
  std::string_view shown;
};

class LineBounds : public ::testing::TestWithParam<LineCase> {};

// Each input arrives whole, and cut in two at every place: the outcome is the same.
TEST_P(LineBounds, AtEverySplit) {
  const auto& [octets, expected] = GetParam();
  for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
    Loop loop;
    SocketPair sockets;
    LineIo io(loop, stream_over(loop, std::move(sockets.ours)));
    std::string shown;
    TaskScope scope(loop);
    scope.start(read_lines(io, shown));
    ::send(sockets.theirs.get(), octets.data(), cut, 0);
    uv_run(loop.raw(), UV_RUN_NOWAIT);
    ::send(sockets.theirs.get(), octets.data() + cut, octets.size() - cut, 0);
    sockets.theirs.reset();
    while (scope.running() > 0) uv_run(loop.raw(), UV_RUN_ONCE);
    EXPECT_EQ(shown, expected) << "cut at " << cut;
  }
}

using namespace std::string_view_literals;
INSTANTIATE_TEST_SUITE_P(LineIo, LineBounds,
                         ::testing::Values(LineCase{"", "closed"},                              //
                                           LineCase{"a\r\n\r\nb\r\n", "a||b|closed"},           //
                                           LineCase{"12345678\r\nx\r\n", "12345678|x|closed"},  //
                                           LineCase{"12345678\nx\n", "12345678~|x~|closed"},    //
                                           LineCase{"123456789\r\n", "12345678!|9|closed"},     //
                                           LineCase{"123456789\n", "12345678!|9~|closed"},      //
                                           LineCase{"12345678\rx\r\n", "12345678!|,x^|closed"},
                                           LineCase{"12345678abcdefgh\r\n", "12345678!|abcdefgh|closed"},
                                           LineCase{"a\rb\r\n", "a,b^|closed"},    //
                                           LineCase{"a\r\r\n", "a,^|closed"},      //
                                           LineCase{"a\0b\r\n"sv, "a.b0|closed"},  //
                                           LineCase{"unended", "closed"}));

class LineIoTest : public ::testing::Test {
 protected:
  LineIoTest() : io_(loop_, stream_over(loop_, std::move(sockets_.ours))) {}
  void peer_sends(std::string_view octets) { ::send(sockets_.theirs.get(), octets.data(), octets.size(), 0); }
  std::string peer_got() {
    char buffer[65536];
    const ssize_t count = ::recv(sockets_.theirs.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    return count > 0 ? std::string(buffer, static_cast<std::size_t>(count)) : std::string();
  }
  Loop loop_;
  SocketPair sockets_;
  LineIo io_;
};

Task<void> read_line_and_octets(LineIo& io, std::string& shown) {
  auto line = co_await io.read_line(100, soon());
  shown = line->text + "|";
  for (int i = 0; i < 3; ++i) {
    auto some = co_await io.read_some(4, soon());
    shown += std::string(*some) + "|";
  }
}

TEST_F(LineIoTest, CountedOctetsFollowALine) {
  peer_sends("literal {9}\r\nabcdefghi");
  std::string shown;
  run_task(loop_, read_line_and_octets(io_, shown));
  EXPECT_EQ(shown, "literal {9}|abcd|efgh|i|");
  EXPECT_FALSE(io_.has_buffered_input());
}

Task<void> read_one_line(LineIo& io, Deadline deadline, std::string& shown) {
  auto line = co_await io.read_line(100, deadline);
  shown = line ? line->text : std::string(name_of(line.error().kind));
}

TEST_F(LineIoTest, KnowsWhatIsBuffered) {
  peer_sends("one\r\ntwo\r\nthr");
  std::string shown;
  run_task(loop_, read_one_line(io_, soon(), shown));
  EXPECT_TRUE(io_.has_buffered_line());
  run_task(loop_, read_one_line(io_, soon(), shown));
  EXPECT_EQ(shown, "two");
  EXPECT_FALSE(io_.has_buffered_line());
  EXPECT_TRUE(io_.has_buffered_input());
}

TEST_F(LineIoTest, DeadlineKeepsTheUnfinishedLine) {
  peer_sends("hal");
  std::string shown;
  run_task(loop_, read_one_line(io_, Deadline::after(Milliseconds(5)), shown));
  EXPECT_EQ(shown, "timed_out");
  peer_sends("f\r\n");
  run_task(loop_, read_one_line(io_, soon(), shown));
  EXPECT_EQ(shown, "half");
}

Task<void> put_and_write(LineIo& io) {
  io.put("* 1 FETCH {5}\r\n");
  EXPECT_TRUE(co_await io.flush_if_full(soon()));
  EXPECT_EQ(io.output().size(), 15U);
  EXPECT_TRUE(co_await io.write("hello", soon()));
  io.put(")\r\n");
  EXPECT_TRUE(co_await io.flush(soon()));
}

TEST_F(LineIoTest, OutputIsCorkedAndInOrder) {
  run_task(loop_, put_and_write(io_));
  EXPECT_EQ(peer_got(), "* 1 FETCH {5}\r\nhello)\r\n");
}

Task<void> finish_io(LineIo& io) {
  io.put("* BYE\r\n");
  co_await io.finish(soon());
}

// Closing over unread input would reset the connection and lose the BYE.
TEST_F(LineIoTest, FinishDeliversTheLastAnswerDespiteUnreadInput) {
  peer_sends(std::string(100'000, 'x'));
  TaskScope scope(loop_);
  scope.start(finish_io(io_));
  uv_run(loop_.raw(), UV_RUN_NOWAIT);
  EXPECT_EQ(peer_got(), "* BYE\r\n");
  sockets_.theirs.reset();
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
}

TEST_F(LineIoTest, FinishEndsAReaderThatWaits) {
  std::string shown;
  TaskScope scope(loop_);
  scope.start(read_one_line(io_, Deadline(), shown));
  scope.start(finish_io(io_));
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  EXPECT_EQ(shown, "closed");
  EXPECT_EQ(peer_got(), "* BYE\r\n");
}

}  // namespace
}  // namespace postern
