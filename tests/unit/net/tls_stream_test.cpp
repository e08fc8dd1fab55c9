#include "gateway/net/tls_stream.h"

#include "tests/unit/net/tls_fixture.h"

namespace postern {
namespace {

class TlsStreamTest : public ::testing::Test {
 protected:
  TlsStreamTest() : context_(context_of({certificate_.files})) {}

  TlsPair connected() {
    TlsPair pair(loop_, *context_, trusting_anybody());
    pair.shake_hands(loop_);
    EXPECT_EQ(pair.server_outcome, "ok");
    EXPECT_EQ(pair.client_outcome, "ok");
    return pair;
  }

  Loop loop_;
  TestCertificate certificate_;
  std::unique_ptr<TlsContext> context_;
};

Task<void> send_all(ByteStream& stream, std::string octets, bool& done) {
  auto written = co_await stream.write(octets, Deadline());
  EXPECT_TRUE(written);
  done = true;
}

Task<void> receive_octets(ByteStream& stream, std::size_t count, std::string& received) {
  while (received.size() < count) {
    auto octets = co_await stream.read(soon());
    if (!octets || octets->empty()) co_return;
    received += *octets;
  }
}

Task<void> read_outcome(ByteStream& stream, std::string& outcome) {
  auto octets = co_await stream.read(soon());
  outcome =
      octets ? (octets->empty() ? "end" : std::string(*octets)) : std::string(name_of(octets.error().kind));
}

std::string numbered(std::size_t octets) {
  std::string text;
  for (std::size_t i = 0; text.size() < octets; ++i) text += std::to_string(i) + " ";
  text.resize(octets);
  return text;
}

class TlsAmounts : public TlsStreamTest, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(TlsAmounts, ArriveUnchangedBothWays) {
  TlsPair pair = connected();
  const std::string sent = numbered(GetParam());
  std::string at_client;
  std::string at_server;
  bool server_done = false;
  bool client_done = false;
  TaskScope scope(loop_);
  scope.start(send_all(*pair.server, sent, server_done));
  scope.start(send_all(*pair.client, sent, client_done));
  scope.start(receive_octets(*pair.client, sent.size(), at_client));
  scope.start(receive_octets(*pair.server, sent.size(), at_server));
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  EXPECT_TRUE(at_client == sent);
  EXPECT_TRUE(at_server == sent);
  EXPECT_TRUE(server_done && client_done);
}

INSTANTIATE_TEST_SUITE_P(TlsStream, TlsAmounts,
                         ::testing::Values(1, TlsStream::kRecordMax - 1, TlsStream::kRecordMax,
                                           TlsStream::kRecordMax + 1, 65536, 3'000'000));

TEST_F(TlsStreamTest, DescribesWhatWasAgreed) {
  TlsPair pair(loop_, *context_, trusting_anybody(), "mail.example.org");
  pair.shake_hands(loop_);
  const TlsInfo* info = pair.server->tls();
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->version, "1.3");
  EXPECT_EQ(info->server_name, "mail.example.org");
  EXPECT_EQ(info->binding_end_point.size(), 32U);
  EXPECT_EQ(info->binding_exporter.size(), 32U);
  EXPECT_EQ(info->binding_exporter, pair.client->tls()->binding_exporter);
  EXPECT_EQ(info->binding_end_point, pair.client->tls()->binding_end_point);
}

TEST_F(TlsStreamTest, Tls12HasNoExporterBinding) {
  auto client = trusting_anybody();
  SSL_CTX_set_max_proto_version(client.get(), TLS1_2_VERSION);
  TlsPair pair(loop_, *context_, client);
  pair.shake_hands(loop_);
  ASSERT_NE(pair.server->tls(), nullptr) << pair.server_outcome;
  EXPECT_EQ(pair.server->tls()->version, "1.2");
  EXPECT_EQ(pair.server->tls()->binding_exporter, "");
}

TEST_F(TlsStreamTest, SlowPeerSuspendsTheWriter) {
  TlsPair pair = connected();
  bool done = false;
  TaskScope scope(loop_);
  scope.start(send_all(*pair.server, numbered(8'000'000), done));
  for (int i = 0; i < 50; ++i) uv_run(loop_.raw(), UV_RUN_NOWAIT);
  EXPECT_FALSE(done);
  std::string received;
  scope.start(receive_octets(*pair.client, 8'000'000, received));
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  EXPECT_TRUE(done);
}

TEST_F(TlsStreamTest, ShutdownIsAnOrderlyEnd) {
  TlsPair pair = connected();
  std::string outcome;
  run_task(loop_, pair.server->shutdown());
  run_task(loop_, read_outcome(*pair.client, outcome));
  EXPECT_EQ(outcome, "end");
  EXPECT_TRUE(pair.client->ended());
}

TEST_F(TlsStreamTest, EndWithoutCloseNotifyIsABrokenConnection) {
  TlsPair pair = connected();
  pair.client->close();
  std::string outcome;
  run_task(loop_, read_outcome(*pair.server, outcome));
  EXPECT_EQ(outcome, "closed");
  EXPECT_TRUE(pair.server->ended());
}

TEST_F(TlsStreamTest, CloseEndsTheWaitingReader) {
  TlsPair pair = connected();
  std::string outcome;
  TaskScope scope(loop_);
  scope.start(read_outcome(*pair.server, outcome));
  pair.server->close();
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  EXPECT_EQ(outcome, "closed");
  run_task(loop_, read_outcome(*pair.server, outcome));
  EXPECT_EQ(outcome, "closed");
}

Task<void> handshake_within(TlsStream& stream, Deadline deadline, std::string& outcome) {
  auto done = co_await stream.handshake(deadline);
  outcome = done ? "ok" : std::string(name_of(done.error().kind));
}

TEST_F(TlsStreamTest, SilentClientMissesTheHandshakeDeadline) {
  StreamPair plain(loop_);
  auto server = TlsStream::server(loop_, std::move(plain.server), context_->current());
  std::string outcome;
  run_task(loop_, handshake_within(*server, Deadline::after(Milliseconds(5)), outcome));
  EXPECT_EQ(outcome, "timed_out");
  EXPECT_TRUE(server->ended());
}

TEST_F(TlsStreamTest, ClearTextIsNoHandshake) {
  StreamPair plain(loop_);
  auto server = TlsStream::server(loop_, std::move(plain.server), context_->current());
  bool sent = false;
  std::string outcome;
  run_task(loop_, send_all(*plain.client, "b CAPABILITY\r\n", sent));
  run_task(loop_, handshake_within(*server, soon(), outcome));
  EXPECT_EQ(outcome, "closed");
}

// A client of OpenSSL's own, over memory, so that it can do what our streams never do.
class RawClient {
 public:
  explicit RawClient(SSL_CTX* context, ByteStream& stream) : stream_(stream), ssl_(SSL_new(context)) {
    SSL_set_bio(ssl_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_);
  }
  ~RawClient() { SSL_free(ssl_); }
  SSL* ssl() { return ssl_; }
  std::string take_output() {
    std::string octets(BIO_pending(SSL_get_wbio(ssl_)), '\0');
    if (!octets.empty()) BIO_read(SSL_get_wbio(ssl_), octets.data(), static_cast<int>(octets.size()));
    return octets;
  }
  static Task<void> handshake(RawClient& self) {
    while (SSL_do_handshake(self.ssl_) != 1) {
      const std::string hello = self.take_output();
      auto written = co_await self.stream_.write(hello, soon());
      if (!written) co_return;
      auto octets = co_await self.stream_.read(soon());
      if (!octets || octets->empty()) co_return;
      BIO_write(SSL_get_rbio(self.ssl_), octets->data(), static_cast<int>(octets->size()));
    }
    const std::string rest = self.take_output();
    (void)co_await self.stream_.write(rest, soon());
  }

 private:
  ByteStream& stream_;
  SSL* ssl_;
};

Task<void> send_or_fail(ByteStream& stream, std::string octets) {
  (void)co_await stream.write(octets, soon());
}

class KeyUpdates : public TlsStreamTest {
 protected:
  // The outcome of the server's read after so many KeyUpdates and then a word.
  std::string after(int count, int kind) {
    StreamPair plain(loop_);
    auto server = TlsStream::server(loop_, std::move(plain.server), context_->current());
    auto client_context = trusting_anybody();
    RawClient client(client_context.get(), *plain.client);
    std::string outcome;
    TaskScope scope(loop_);
    scope.start(handshake_within(*server, soon(), outcome));
    scope.start(RawClient::handshake(client));
    while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
    EXPECT_EQ(outcome, "ok");
    for (int i = 0; i < count; ++i) {
      SSL_key_update(client.ssl(), kind);
      SSL_do_handshake(client.ssl());
    }
    SSL_write(client.ssl(), "word", 4);
    scope.start(send_or_fail(*plain.client, client.take_output()));
    scope.start(read_outcome(*server, outcome));
    while (scope.running() > 1) uv_run(loop_.raw(), UV_RUN_ONCE);
    plain.client->close();
    while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
    return outcome;
  }
};

TEST_F(KeyUpdates, AtTheBoundAreServed) {
  EXPECT_EQ(after(TlsStream::kKeyUpdatesMax, SSL_KEY_UPDATE_NOT_REQUESTED), "word");
  EXPECT_EQ(after(TlsStream::kKeyUpdatesMax, SSL_KEY_UPDATE_REQUESTED), "word");
}

TEST_F(KeyUpdates, BeyondTheBoundCloseTheConnection) {
  EXPECT_EQ(after(TlsStream::kKeyUpdatesMax + 1, SSL_KEY_UPDATE_NOT_REQUESTED), "closed");
  EXPECT_EQ(after(10'000, SSL_KEY_UPDATE_NOT_REQUESTED), "closed");
}

}  // namespace
}  // namespace postern
