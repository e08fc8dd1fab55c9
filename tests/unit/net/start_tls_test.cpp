// STARTTLS and what an attacker in the middle may put before it (RFC 3207 §4, CVE-2021-33515 and its kin).
#include <sys/socket.h>

#include "gateway/net/line_io.h"
#include "tests/unit/net/tls_fixture.h"

namespace postern {
namespace {

class StartTlsTest : public ::testing::Test {
 protected:
  StartTlsTest() : context_(context_of({certificate_.files})) {}
  Loop loop_;
  TestCertificate certificate_;
  std::unique_ptr<TlsContext> context_;
};

// A door that knows STARTTLS and nothing else; every other line is noted, as a command that would run.
Task<void> serve_lines(LineIo& io, TlsContext& context, std::string& ran, std::string& ended) {
  while (true) {
    auto line = co_await io.read_line(1000, soon());
    if (!line) {
      ended = name_of(line.error().kind);
      io.close();
      co_return;
    }
    if (line->text == "STARTTLS") {
      io.put("OK\r\n");
      (void)co_await io.flush(soon());
      auto secured = co_await io.start_tls(context, soon());
      if (secured) continue;
      ended = name_of(secured.error().kind);
      co_return;
    }
    ran += line->text + "|";
  }
}

Task<void> client_after_ok(std::unique_ptr<TcpStream> plain, Loop& loop, std::string& outcome) {
  (void)co_await plain->write("STARTTLS\r\n", soon());
  auto answer = co_await plain->read(soon());
  EXPECT_EQ(*answer, "OK\r\n");
  auto tls = TlsStream::client(loop, std::move(plain), trusting_anybody(), "mail.example.org");
  auto done = co_await tls->handshake(soon());
  outcome = done ? "ok" : "failed";
  (void)co_await tls->write("NOOP\r\n", soon());
  co_await tls->shutdown();
  // Closing at once would break the server's last handshake message (the ticket).
  (void)co_await tls->read(soon());
}

TEST_F(StartTlsTest, HonestClientGoesOnInsideTls) {
  StreamPair plain(loop_);
  LineIo io(loop_, std::move(plain.server));
  std::string ran;
  std::string ended;
  std::string outcome;
  TaskScope scope(loop_);
  scope.start(serve_lines(io, *context_, ran, ended));
  scope.start(client_after_ok(std::move(plain.client), loop_, outcome));
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  EXPECT_EQ(outcome, "ok");
  EXPECT_EQ(ran, "NOOP|");
  EXPECT_NE(io.stream().tls(), nullptr);
}

class Injection : public StartTlsTest, public ::testing::WithParamInterface<std::string> {};

// The injected octets come with STARTTLS, cut in two segments at every place; cut within or after them, some
// may arrive in what should be the ClientHello. None of them may ever run.
TEST_P(Injection, NeverRunsAtAnySplit) {
  const std::string sent = "STARTTLS\r\n" + GetParam();
  for (std::size_t cut = 1; cut <= sent.size(); ++cut) {
    SocketPair sockets;
    LineIo io(loop_, stream_over(loop_, std::move(sockets.ours)));
    std::string ran;
    std::string ended;
    TaskScope scope(loop_);
    scope.start(serve_lines(io, *context_, ran, ended));
    ::send(sockets.theirs.get(), sent.data(), cut, 0);
    for (int i = 0; i < 3; ++i) uv_run(loop_.raw(), UV_RUN_NOWAIT);
    ::send(sockets.theirs.get(), sent.data() + cut, sent.size() - cut, MSG_NOSIGNAL);
    ::shutdown(sockets.theirs.get(), SHUT_WR);
    while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
    EXPECT_EQ(ran, "") << "cut at " << cut;
    EXPECT_EQ(ended, cut == 10 ? "closed" : "denied") << "cut at " << cut;
    char answer[64];
    const ssize_t octets = ::recv(sockets.theirs.get(), answer, sizeof answer, 0);
    ASSERT_GE(octets, 4);
    EXPECT_EQ(std::string(answer, 4), "OK\r\n");
    EXPECT_TRUE(io.stream().ended());
  }
}

INSTANTIATE_TEST_SUITE_P(StartTls, Injection,
                         ::testing::Values("b CAPABILITY\r\n", "CAPA\r\n", "NOOP\r\n", "a LOGIN {5+}\r\n",
                                           "USER x\r\nPASS y\r\n", "x", "\n"));

}  // namespace
}  // namespace postern
