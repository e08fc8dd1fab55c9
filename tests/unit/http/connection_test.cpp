// A connection over real sockets: order, limits, keep-alive, streaming, the client that goes away.
#include "protocols/http/connection.h"

#include <gtest/gtest.h>

#include "gateway/async/channel.h"
#include "protocols/http/limits.h"
#include "protocols/http/problem.h"
#include "tests/unit/net/net_fixture.h"

namespace postern::http {
namespace {

Task<Result<void>> echo(Exchange& exchange) {
  CO_TRY(std::string body, co_await exchange.body(1000));
  Response response = plain(200, exchange.head().path + "?" + exchange.head().query + " [" + body + "]");
  co_return co_await exchange.answer(std::move(response));
}

Task<Result<void>> ignore_body(Exchange& exchange) {
  Response response = plain(401, "no");
  co_return co_await exchange.answer(std::move(response));
}

Task<Result<void>> log_in(Exchange& exchange) {
  exchange.authenticated();
  Response response = plain(200, "in");
  co_return co_await exchange.answer(std::move(response));
}

Task<Result<void>> count_body(Exchange& exchange) {
  std::uint64_t octets = 0;
  while (true) {
    CO_TRY(std::string piece, co_await exchange.read_body());
    if (piece.empty()) break;
    EXPECT_LE(piece.size(), kInputOctetsMax);
    octets += piece.size();
  }
  Response response = plain(200, std::to_string(octets));
  co_return co_await exchange.answer(std::move(response));
}

Task<Result<void>> stream(Exchange& exchange) {
  Response head(200);
  head.fields.set("Content-Type", "text/plain");
  CO_TRY_VOID(co_await exchange.begin(std::move(head)));
  CO_TRY_VOID(co_await exchange.write("Hello, "));
  CO_TRY_VOID(co_await exchange.write("world"));
  co_return co_await exchange.end();
}

Task<Result<void>> stop_midway(Exchange& exchange) {
  Response head(200);
  CO_TRY_VOID(co_await exchange.begin(std::move(head)));
  CO_TRY_VOID(co_await exchange.write("half"));
  co_return Error(ErrorKind::unavailable, "the rest is missing");
}

Task<Result<void>> fail(Exchange&) {
  co_return Error(ErrorKind::unavailable, "secret detail");
}

Task<Result<void>> say_nothing(Exchange&) {
  co_return Result<void>();
}

Task<Result<void>> large(Exchange& exchange) {
  Response response(200, "text/plain", std::string(100'000, 'x'));
  co_return co_await exchange.answer(std::move(response));
}

// What an endpoint adds to the answers of others, and what it keeps of them.
Task<Result<void>> watched(Exchange& exchange) {
  exchange.add_field("X-Added", "yes");
  exchange.keep_copy(8);
  CO_TRY_VOID(co_await stream(exchange));
  EXPECT_EQ(exchange.take_copy(), "Hello, w");
  co_return Result<void>();
}

Task<Result<void>> watched_failure(Exchange& exchange) {
  exchange.add_field("X-Added", "yes");
  exchange.keep_copy(1000);
  co_return Error(ErrorKind::unavailable, "answered behind the handler");
}

class HttpConnection : public testing::Test {
 protected:
  HttpConnection() {
    settings_.http.header_timeout_s = 5;
    add("POST", "/echo", 100'000, echo);
    add("GET", "/echo", 0, echo);
    add("POST", "/ignore", UINT64_MAX, ignore_body);
    add("POST", "/count", UINT64_MAX, count_body);
    add("POST", "/bounded", 70'000, count_body);
    add("GET", "/in", 0, log_in);
    add("GET", "/stream", 0, stream);
    add("GET", "/half", 0, stop_midway);
    add("GET", "/fail", 0, fail);
    add("GET", "/nothing", 0, say_nothing);
    add("GET", "/large", 0, large);
    add("GET", "/watched", 0, watched);
    add("GET", "/watched-failure", 0, watched_failure);
    add("GET", "/wait", 0, [this](Exchange& exchange) { return wait(exchange); });
  }

  void add(std::string method, std::string path, std::uint64_t body_octets_max, Handler handler) {
    Route route{std::move(method), std::move(path), body_octets_max, std::move(handler)};
    router_.add(std::move(route));
  }

  // Long polling: until the client has gone, or something is posted.
  Task<Result<void>> wait(Exchange& exchange) {
    Channel<bool> gone(loop_);
    exchange.watch([&gone] { gone.send(true); });
    waiting_ = true;
    co_await gone.next();
    waiting_ = false;
    EXPECT_TRUE(exchange.gone());
    Response response = plain(200, "woken");
    co_return co_await exchange.answer(std::move(response));
  }

  Task<void> serve(std::unique_ptr<ByteStream> end) {
    postern::Connection connection;
    connection.id = 1;
    connection.stream = std::move(end);
    connection.stop = &stop_;
    connection.authenticated = [this] { ++logins_; };
    ServerConnection serving(around_, router_, std::move(connection));
    co_await serving.serve();
  }

  Task<void> write_then_read(TcpStream& client, std::string octets, bool half_close, std::string& answer) {
    auto written = co_await client.write(octets, soon());
    if (half_close) co_await client.shutdown();
    while (true) {
      auto read = co_await client.read(soon());
      if (!read || read->empty()) break;
      answer += *read;
    }
    client.close();
  }

  // Everything that the server says to these octets until it closes, or until the client's end makes it.
  std::string talk(std::string octets, bool half_close = true) {
    std::string answer;
    StreamPair pair(loop_);
    {
      TaskScope scope(loop_);
      scope.start(serve(std::move(pair.server)));
      scope.start(write_then_read(*pair.client, std::move(octets), half_close, answer));
      while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
    }
    return answer;
  }

  static std::string get(const std::string& target, const std::string& fields = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
  }
  static std::string post(const std::string& target, const std::string& body,
                          const std::string& fields = "") {
    return "POST " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + fields + "\r\n" + body;
  }
  static std::vector<int> statuses(const std::string& answer) {
    std::vector<int> found;
    for (std::size_t at = answer.find("HTTP/1.1 "); at != std::string::npos;
         at = answer.find("HTTP/1.1 ", at + 1))
      found.push_back(std::stoi(answer.substr(at + 9, 3)));
    return found;
  }
  static bool closes(const std::string& answer) {
    return answer.find("Connection: close") != std::string::npos;
  }
  using Statuses = std::vector<int>;

  Loop loop_;
  Clock clock_;
  Settings settings_;
  const std::vector<Network> proxies_;
  Surroundings around_{loop_, clock_, settings_, proxies_, Log::silent()};
  Router router_;
  StopSignal stop_;
  int logins_ = 0;
  bool waiting_ = false;
};

TEST_F(HttpConnection, AnswersPipelinedRequestsInOrder) {
  const std::string answer = talk(post("/echo?1", "a") + get("/echo?2") + post("/ECHO?3", "c"));
  EXPECT_EQ(statuses(answer), (Statuses{200, 200, 200}));
  EXPECT_LT(answer.find("?1 [a]"), answer.find("?2 []"));
  EXPECT_LT(answer.find("?2 []"), answer.find("?3 [c]"));
  EXPECT_FALSE(closes(answer));
}

TEST_F(HttpConnection, TakesThousandsOfPipelinedRequestsWithBoundedBuffering) {
  std::string octets;
  for (int i = 0; i < 5000; ++i) octets += get("/echo?" + std::to_string(i));
  const std::string answer = talk(octets);
  EXPECT_EQ(statuses(answer).size(), 5000U);
  EXPECT_NE(answer.find("?4999 []"), std::string::npos);
}

TEST_F(HttpConnection, SaysNothingBehindARefusal) {
  const std::string smuggled = "0\r\n\r\n" + get("/echo?smuggled");
  const std::string octets =
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(smuggled.size()) +
      "\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled;
  const std::string answer = talk(octets, false);
  EXPECT_EQ(statuses(answer), Statuses{400});
  EXPECT_TRUE(closes(answer));
  EXPECT_EQ(answer.find("smuggled"), std::string::npos);
}

TEST_F(HttpConnection, RefusesBrokenChunksOnceAndCloses) {
  const std::string octets =
      "POST /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n" + get("/echo");
  const std::string answer = talk(octets, false);
  EXPECT_EQ(statuses(answer), Statuses{400});
  EXPECT_TRUE(closes(answer));
}

TEST_F(HttpConnection, AddsFieldsToWhateverIsAnswered) {
  const std::string answer =
      talk(get("/watched", "Accept-Encoding: gzip\r\n") + get("/watched-failure") + get("/echo"));
  EXPECT_EQ(statuses(answer), (Statuses{200, 503, 200}));
  const std::size_t first = answer.find("X-Added: yes");
  const std::size_t second = answer.find("X-Added: yes", first + 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_EQ(answer.find("X-Added: yes", second + 1), std::string::npos) << "of one exchange only";
}

TEST_F(HttpConnection, ClosesWhenAsked) {
  const std::string answer = talk(get("/echo", "Connection: close\r\n") + get("/echo"), false);
  EXPECT_EQ(statuses(answer), Statuses{200});
  EXPECT_TRUE(closes(answer));
}

TEST_F(HttpConnection, SpeaksToOldClients) {
  const std::string once = talk("GET /echo HTTP/1.0\r\n\r\n", false);
  EXPECT_EQ(statuses(once), Statuses{200});
  EXPECT_TRUE(closes(once));
  const std::string kept =
      talk("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /stream HTTP/1.0\r\n\r\n", false);
  EXPECT_EQ(statuses(kept), (Statuses{200, 200}));
  EXPECT_NE(kept.find("Connection: keep-alive"), std::string::npos);
  EXPECT_TRUE(kept.ends_with("\r\n\r\nHello, world")) << kept;
}

TEST_F(HttpConnection, EndsAfterItsNumberOfRequests) {
  settings_.http.requests_max = 2;
  const std::string answer = talk(get("/echo") + get("/echo") + get("/echo"), false);
  EXPECT_EQ(statuses(answer), (Statuses{200, 200}));
  EXPECT_TRUE(closes(answer));
}

TEST_F(HttpConnection, StreamsInChunks) {
  const std::string answer = talk(get("/stream") + get("/echo"));
  EXPECT_NE(answer.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_NE(answer.find("\r\n\r\n7\r\nHello, \r\n5\r\nworld\r\n0\r\n\r\nHTTP/1.1 200"), std::string::npos)
      << answer;
}

TEST_F(HttpConnection, AnAnswerThatStopsMidwayIsNeverTakenForWhole) {
  const std::string answer = talk(get("/half") + get("/echo"), false);
  EXPECT_EQ(statuses(answer), Statuses{200});
  EXPECT_TRUE(answer.ends_with("4\r\nhalf\r\n")) << answer;
}

TEST_F(HttpConnection, HeadAndOptionsAndUnknownPlaces) {
  const std::string head = talk("HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\n" + get("/echo"));
  EXPECT_EQ(statuses(head), (Statuses{200, 200}));
  EXPECT_NE(head.find("Content-Length: 10\r\n"), std::string::npos) << head;
  EXPECT_EQ(head.find("/echo? []"), head.rfind("/echo? []"));
  const std::string streamed = talk("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(streamed.ends_with("\r\n\r\n")) << streamed;

  const std::string options = talk("OPTIONS /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(statuses(options), Statuses{204});
  EXPECT_NE(options.find("Allow: GET, HEAD, OPTIONS, POST\r\n"), std::string::npos) << options;
  EXPECT_EQ(statuses(talk("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")), Statuses{204});
  const std::string wrong = talk("DELETE /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(statuses(wrong), Statuses{405});
  EXPECT_NE(wrong.find("Allow: GET, HEAD, OPTIONS, POST\r\n"), std::string::npos);
  EXPECT_EQ(statuses(talk(get("/nowhere"))), Statuses{404});
}

TEST_F(HttpConnection, ErrorsOfHandlersHaveTheirStatusAndNoDetail) {
  const std::string failed = talk(get("/fail") + get("/nothing"));
  EXPECT_EQ(statuses(failed), (Statuses{503, 500}));
  EXPECT_NE(failed.find("Retry-After: "), std::string::npos);
  EXPECT_EQ(failed.find("secret"), std::string::npos);
}

TEST_F(HttpConnection, BoundsABodyByItsRoute) {
  EXPECT_EQ(statuses(talk(post("/bounded", std::string(70'000, 'a')))), Statuses{200});
  // Before the client has sent it.
  const std::string declared =
      talk("POST /bounded HTTP/1.1\r\nHost: h\r\nContent-Length: 70001\r\n\r\n", false);
  EXPECT_EQ(statuses(declared), Statuses{413});
  EXPECT_TRUE(closes(declared));
  const std::string chunked =
      talk("POST /bounded HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n11171\r\n" +
               std::string(70'001, 'a') + "\r\n0\r\n\r\n",
           false);
  EXPECT_EQ(statuses(chunked), Statuses{413});
  EXPECT_TRUE(closes(chunked));
  // The handler's own, smaller bound.
  EXPECT_EQ(statuses(talk(post("/echo", std::string(1000, 'a')))), Statuses{200});
  EXPECT_EQ(statuses(talk(post("/echo", std::string(1001, 'a')), false)), Statuses{413});
}

TEST_F(HttpConnection, TakesLargeBodiesInPieces) {
  const std::string answer = talk(post("/count", std::string(3'000'000, 'a')));
  EXPECT_NE(answer.find("\r\n\r\n3000000\n"), std::string::npos) << answer;
}

TEST_F(HttpConnection, ABodyNobodyReadIsSkippedIfSmall) {
  const std::string kept = talk(post("/ignore", std::string(1000, 'a')) + get("/echo"));
  EXPECT_EQ(statuses(kept), (Statuses{401, 200}));
  const std::string closed =
      talk(post("/ignore", std::string(kSkippedBodyOctetsMax + 1, 'a')) + get("/echo"), false);
  EXPECT_EQ(statuses(closed), Statuses{401});
  EXPECT_TRUE(closes(closed));
}

TEST_F(HttpConnection, ContinuesOnlyAHandlerThatReads) {
  const std::string expecting =
      "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  StreamPair pair(loop_);
  std::string answer;
  const auto dialogue = [](TcpStream& client, std::string head, std::string& out) -> Task<void> {
    auto written = co_await client.write(head, soon());
    auto first = co_await client.read(soon());
    out = *first;
    written = co_await client.write("abc", soon());
    co_await client.shutdown();
    while (true) {
      auto more = co_await client.read(soon());
      if (!more || more->empty()) break;
      out += *more;
    }
    client.close();
  };
  {
    TaskScope scope(loop_);
    scope.start(serve(std::move(pair.server)));
    scope.start(dialogue(*pair.client, expecting, answer));
    while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")) << answer;
  const std::string refused =
      talk("POST /ignore HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", false);
  EXPECT_EQ(statuses(refused), Statuses{401});
  EXPECT_TRUE(closes(refused));
}

TEST_F(HttpConnection, AWaitingHandlerHearsThatItsClientHasGone) {
  const std::string answer = talk(get("/wait"));
  EXPECT_EQ(statuses(answer), Statuses{200});
  EXPECT_FALSE(waiting_);
}

TEST_F(HttpConnection, AWaitingHandlerHearsOfAStopAndTheConnectionCloses) {
  std::string answer;
  StreamPair pair(loop_);
  TaskScope scope(loop_);
  scope.start(serve(std::move(pair.server)));
  // What is pipelined meanwhile waits, and is not served after the stop.
  scope.start(write_then_read(*pair.client, get("/wait") + get("/echo"), false, answer));
  while (!waiting_) uv_run(loop_.raw(), UV_RUN_ONCE);
  stop_.stop();
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  EXPECT_EQ(statuses(answer), Statuses{200});
  EXPECT_TRUE(closes(answer));
}

TEST_F(HttpConnection, AnIdleConnectionClosesAtAStop) {
  std::string answer;
  StreamPair pair(loop_);
  TaskScope scope(loop_);
  scope.start(serve(std::move(pair.server)));
  scope.start(write_then_read(*pair.client, get("/echo"), false, answer));
  while (answer.empty()) uv_run(loop_.raw(), UV_RUN_ONCE);
  stop_.stop();
  while (scope.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
  EXPECT_EQ(statuses(answer), Statuses{200});
}

TEST_F(HttpConnection, TimesOut) {
  settings_.http.header_timeout_s = 1;
  settings_.http.idle_timeout_s = 1;
  EXPECT_EQ(statuses(talk("GET / HT", false)), Statuses{408});
  EXPECT_EQ(talk("", false), "");
  EXPECT_EQ(statuses(talk(get("/echo"), false)), Statuses{200});
  settings_.http.body_timeout_s = 1;
  const std::string slow = talk("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na", false);
  EXPECT_EQ(statuses(slow), Statuses{408});
  EXPECT_TRUE(closes(slow));
}

TEST_F(HttpConnection, AStrangersConnectionEndsWithItsTime) {
  settings_.limits.unauthenticated_life_s = 1;
  EXPECT_EQ(statuses(talk(get("/echo"), false)), Statuses{200}) << "and then the server closed";
  EXPECT_EQ(logins_, 0);
  EXPECT_EQ(statuses(talk(get("/in") + get("/in"))), (Statuses{200, 200}));
  EXPECT_EQ(logins_, 1) << "once for each connection";
}

TEST_F(HttpConnection, GzipsWhatGainsByIt) {
  const std::string zipped = talk(get("/large", "Accept-Encoding: deflate, gzip;q=0.5\r\n"));
  EXPECT_NE(zipped.find("Content-Encoding: gzip\r\n"), std::string::npos);
  EXPECT_LT(zipped.size(), 1000U);
  const std::string plain_text = talk(get("/large"));
  EXPECT_EQ(plain_text.find("Content-Encoding"), std::string::npos);
  EXPECT_GT(plain_text.size(), 100'000U);
}

}  // namespace
}  // namespace postern::http
