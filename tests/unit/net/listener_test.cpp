#include "gateway/net/listener.h"

#include <netinet/in.h>
#include <sys/resource.h>

#include <stdexcept>

#include "gateway/net/connect.h"
#include "gateway/net/line_io.h"
#include "tests/unit/net/tls_fixture.h"

namespace postern {
namespace {

// Greets with who it sees; LOGIN takes the slot of a user; THROW is a bug; ends at the end of the stream.
class TestDoor final : public FrontEnd {
 public:
  TestDoor(Loop& loop, Endpoint endpoint) : loop_(loop), endpoint_(std::move(endpoint)) {}
  std::string_view name() const override { return "test"; }
  std::vector<Endpoint> endpoints() const override { return {endpoint_}; }
  Task<void> serve(Connection connection) override {
    ids.push_back(connection.id);
    const std::string peer = connection.stream->peer().host;
    const bool encrypted = connection.stream->tls() != nullptr;
    LineIo io(loop_, std::move(connection.stream));
    auto stopping = connection.stop->listen([this] { ++stops; });
    io.put("hello " + peer + (encrypted ? " tls\r\n" : "\r\n"));
    (void)co_await io.flush(soon());
    while (true) {
      auto line = co_await io.read_line(100, Deadline());
      if (!line) break;
      if (line->text == "LOGIN") connection.authenticated();
      if (line->text == "THROW") throw std::runtime_error("a bug in the door");
    }
    connection.stop->forget(stopping);
  }
  std::vector<std::uint64_t> ids;
  int stops = 0;

 private:
  Loop& loop_;
  Endpoint endpoint_;
};

Task<void> connect_and_send(Loop& loop, std::uint16_t port, std::string octets,
                            std::unique_ptr<ByteStream>& out) {
  auto stream = co_await connect_tcp(loop, "127.0.0.1", port, soon());
  EXPECT_TRUE(stream) << stream.error().detail;
  if (!stream) co_return;
  out = *std::move(stream);
  if (!octets.empty()) (void)co_await out->write(octets, soon());
}

Task<void> send(ByteStream& stream, std::string octets) {
  (void)co_await stream.write(octets, soon());
}

Task<void> shake_hands(TlsStream& stream) {
  EXPECT_TRUE(co_await stream.handshake(soon()));
}

Task<void> is_refused(Loop& loop, std::uint16_t port) {
  auto stream = co_await connect_tcp(loop, "127.0.0.1", port, soon());
  EXPECT_FALSE(stream);
  EXPECT_EQ(stream.error().kind, ErrorKind::unavailable);
}

// The next octets; "end" or the error's name.
Task<void> receive(ByteStream& stream, std::string& text) {
  auto octets = co_await stream.read(soon());
  text =
      octets ? (octets->empty() ? "end" : std::string(*octets)) : std::string(name_of(octets.error().kind));
}

class ListenerTest : public ::testing::Test {
 protected:
  ~ListenerTest() override {
    if (!listener_) return;
    listener_->stop();
    run_task(loop_, listener_->drained(Deadline::after(Milliseconds(0))));
  }
  void open(Endpoint endpoint, const ListenerLimits& limits = {}, TlsContext* tls = nullptr) {
    endpoint.address = "127.0.0.1";
    door_ = std::make_unique<TestDoor>(loop_, std::move(endpoint));
    auto listener = Listener::create(loop_, Log::silent(), limits, tls, 3);
    ASSERT_TRUE(listener);
    listener_ = *std::move(listener);
    auto opened = listener_->open(*door_);
    ASSERT_TRUE(opened) << opened.error().detail;
    ASSERT_NE(listener_->port(*door_), 0);
  }
  std::unique_ptr<ByteStream> client(const std::string& octets = {}) {
    std::unique_ptr<ByteStream> stream;
    run_task(loop_, connect_and_send(loop_, listener_->port(*door_), octets, stream));
    return stream;
  }
  std::string next(ByteStream& stream) {
    std::string text;
    run_task(loop_, receive(stream, text));
    return text;
  }
  // A connected stream over a socket that was made before.
  std::unique_ptr<ByteStream> stream_from(Descriptor socket) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(listener_->port(*door_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return stream_over(loop_, std::move(socket));
  }
  void until_sessions(std::size_t count) {
    while (listener_->sessions() != count) uv_run(loop_.raw(), UV_RUN_ONCE);
  }
  static Endpoint behind_proxy() {
    Endpoint endpoint;
    endpoint.proxy_from = {"127.0.0.0/8"};
    return endpoint;
  }

  Loop loop_;
  std::unique_ptr<TestDoor> door_;
  std::unique_ptr<Listener> listener_;
};

TEST_F(ListenerTest, ServesAndNumbersSessionsPerWorker) {
  open({});
  auto one = client();
  auto two = client();
  EXPECT_EQ(next(*one), "hello 127.0.0.1\r\n");
  EXPECT_EQ(next(*two), "hello 127.0.0.1\r\n");
  EXPECT_EQ(door_->ids, (std::vector<std::uint64_t>{(3ULL << 48) + 1, (3ULL << 48) + 2}));
  one->close();
  until_sessions(1);
  EXPECT_EQ(listener_->slots().connections(), 1U);
}

TEST_F(ListenerTest, OneSessionIsAskedToEndAndAllAreMissed) {
  open({});
  std::vector<std::uint64_t> over;
  listener_->on_end([&over](std::uint64_t session) { over.push_back(session); });
  auto one = client();
  auto two = client();
  next(*one);
  next(*two);
  const std::uint64_t second = door_->ids.at(1);
  EXPECT_TRUE(listener_->end_session(second));
  EXPECT_EQ(door_->stops, 1);
  two->close();
  until_sessions(1);
  EXPECT_EQ(over, std::vector<std::uint64_t>{second});
  EXPECT_FALSE(listener_->end_session(second));
  EXPECT_EQ(door_->stops, 1);
  one->close();
  until_sessions(0);
}

TEST_F(ListenerTest, TwoListenersShareAPort) {
  open({});
  Endpoint same;
  same.address = "127.0.0.1";
  same.port = listener_->port(*door_);
  TestDoor second(loop_, same);
  EXPECT_TRUE(listener_->open(second));
}

TEST_F(ListenerTest, ImplicitTls) {
  TestCertificate certificate;
  auto context = context_of({certificate.files});
  Endpoint endpoint;
  endpoint.tls = TlsMode::implicit;
  open(endpoint, {}, context.get());
  auto tls = TlsStream::client(loop_, client(), trusting_anybody(), "mail.example.org");
  run_task(loop_, shake_hands(*tls));
  EXPECT_EQ(next(*tls), "hello 127.0.0.1 tls\r\n");
}

TEST_F(ListenerTest, SilentTlsClientIsDropped) {
  TestCertificate certificate;
  auto context = context_of({certificate.files});
  Endpoint endpoint;
  endpoint.tls = TlsMode::implicit;
  ListenerLimits limits;
  limits.tls_handshake_max = Milliseconds(5);
  open(endpoint, limits, context.get());
  auto silent = client();
  EXPECT_EQ(next(*silent), "end");
  EXPECT_TRUE(door_->ids.empty());
}

TEST_F(ListenerTest, TlsWithoutCertificateIsRefusedAtStart) {
  open({});
  Endpoint endpoint;
  endpoint.tls = TlsMode::starttls;
  TestDoor door(loop_, endpoint);
  auto opened = listener_->open(door);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::invalid);
}

TEST_F(ListenerTest, OverTheLimitClosedAtOnceAndServedAgainLater) {
  ListenerLimits limits;
  limits.connections_max = 3;
  limits.unauthenticated_max = 2;
  open({}, limits);
  auto one = client();
  auto two = client();
  EXPECT_EQ(next(*one), "hello 127.0.0.1\r\n");
  EXPECT_EQ(next(*two), "hello 127.0.0.1\r\n");
  auto stranger = client();
  EXPECT_EQ(next(*stranger), "end");
  run_task(loop_, send(*one, "LOGIN\r\n"));
  while (listener_->slots().unauthenticated() > 1) uv_run(loop_.raw(), UV_RUN_ONCE);
  auto three = client();
  EXPECT_EQ(next(*three), "hello 127.0.0.1\r\n");
  one->close();
  two->close();
  until_sessions(1);
  auto four = client();
  EXPECT_EQ(next(*four), "hello 127.0.0.1\r\n");
}

TEST_F(ListenerTest, ProxyHeaderNamesTheClient) {
  open(behind_proxy());
  auto one = client("PROXY TCP4 192.0.2.7 198.51.100.1 56324 143\r\n");
  EXPECT_EQ(next(*one), "hello 192.0.2.7\r\n");
  auto health_check = client("PROXY UNKNOWN\r\n");
  EXPECT_EQ(next(*health_check), "hello 127.0.0.1\r\n");
  auto none = client("a1 NOOP\r\n");
  EXPECT_EQ(next(*none), "end");
  EXPECT_EQ(door_->ids.size(), 2U);
}

TEST_F(ListenerTest, ClientsBehindAProxyAreLimitedOneByOne) {
  ListenerLimits limits;
  limits.per_peer_unauthenticated_max = 1;
  open(behind_proxy(), limits);
  auto one = client("PROXY TCP4 192.0.2.7 198.51.100.1 1 143\r\n");
  EXPECT_EQ(next(*one), "hello 192.0.2.7\r\n");
  auto same = client("PROXY TCP4 192.0.2.7 198.51.100.1 2 143\r\n");
  EXPECT_EQ(next(*same), "end");
  auto other = client("PROXY TCP4 192.0.2.8 198.51.100.1 3 143\r\n");
  EXPECT_EQ(next(*other), "hello 192.0.2.8\r\n");
}

TEST_F(ListenerTest, HeaderFromStrangersIsProtocolText) {
  open({});
  auto one = client("PROXY TCP4 192.0.2.7 198.51.100.1 56324 143\r\n");
  EXPECT_EQ(next(*one), "hello 127.0.0.1\r\n");
}

TEST_F(ListenerTest, BugInADoorCostsOneConnection) {
  open({});
  auto healthy = client();
  auto broken = client("THROW\r\n");
  EXPECT_EQ(next(*healthy), "hello 127.0.0.1\r\n");
  EXPECT_EQ(next(*broken), "hello 127.0.0.1\r\n");
  EXPECT_EQ(next(*broken), "end");
  until_sessions(1);
  EXPECT_EQ(listener_->slots().connections(), 1U);
}

TEST_F(ListenerTest, DrainTellsSessionsAndClosesThoseThatStay) {
  open({});
  auto one = client();
  EXPECT_EQ(next(*one), "hello 127.0.0.1\r\n");
  const std::uint16_t port = listener_->port(*door_);
  listener_->stop();
  EXPECT_EQ(door_->stops, 1);
  run_task(loop_, listener_->drained(Deadline::after(Milliseconds(5))));
  EXPECT_EQ(listener_->sessions(), 0U);
  EXPECT_EQ(next(*one), "end");
  run_task(loop_, is_refused(loop_, port));
}

TEST_F(ListenerTest, PausesWithoutDescriptorsAndRecovers) {
  open({});
  auto waiting = client();
  EXPECT_EQ(next(*waiting), "hello 127.0.0.1\r\n");
  Descriptor late(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit none = limit;
  none.rlim_cur = static_cast<rlim_t>(late.get()) + 1;  // every lower number is taken
  std::vector<Descriptor> fillers;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  for (int spare = ::dup(late.get()); spare >= 0; spare = ::dup(late.get())) fillers.emplace_back(spare);
  auto served = stream_from(std::move(late));
  // One try per pause, not one per turn of the loop: in this time a spinning loop takes thousands.
  int turns = 0;
  const Deadline enough = Deadline::after(Milliseconds(250));
  while (!enough.passed()) {
    uv_run(loop_.raw(), UV_RUN_ONCE);
    ++turns;
  }
  EXPECT_LT(turns, 50);
  EXPECT_EQ(door_->ids.size(), 1U);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(next(*served), "hello 127.0.0.1\r\n");
}

}  // namespace
}  // namespace postern
