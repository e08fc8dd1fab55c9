// Answers as octets, who a client is behind proxies, and problems for programs.
#include "protocols/http/message.h"

#include <gtest/gtest.h>

#include "protocols/http/client.h"
#include "protocols/http/problem.h"

namespace postern::http {
namespace {

TEST(Message, AFieldCannotBeginAnother) {
  Response response(302);
  response.fields.add("Location", "/a\r\nSet-Cookie: b\nc");
  EXPECT_EQ(head_text(response), "HTTP/1.1 302 Found\r\nLocation: /a  Set-Cookie: b c\r\n\r\n");
}

TEST(Message, DatesAsRfc9110Has) {
  const WallTime time{std::chrono::seconds(784111777)};
  EXPECT_EQ(http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Message, ListsJoinFieldsOfOneName) {
  Fields fields;
  fields.add("Connection", "a, ,b ");
  fields.add("connection", "C");
  EXPECT_EQ(fields.list("CONNECTION"), (std::vector<std::string_view>{"a", "b", "C"}));
  EXPECT_TRUE(fields.has_token("Connection", "c"));
  EXPECT_FALSE(fields.has_token("Connection", "d"));
  fields.set("Connection", "d");
  EXPECT_EQ(fields.count("Connection"), 1U);
}

TEST(Problem, EscapesItsDetail) {
  const Response response = problem(400, "a \"b\"\\\n");
  EXPECT_EQ(response.body,
            "{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"a \\\"b\\\"\\\\\\u000a\"}\n");
}

class FakeStream final : public ByteStream {
 public:
  explicit FakeStream(std::string host) : peer_{std::move(host), 1} {}
  Task<Result<std::string_view>> read(Deadline) override { co_return std::string_view(); }
  Task<Result<void>> write(std::string_view, Deadline) override { co_return Result<void>(); }
  Task<void> shutdown() override { co_return; }
  void close() override {}
  bool ended() const override { return false; }
  const PeerAddress& peer() const override { return peer_; }
  const TlsInfo* tls() const override { return nullptr; }

 private:
  PeerAddress peer_;
};

TEST(Client, IsWhomKnownProxiesName) {
  struct Case {
    const char* peer;
    const char* forwarded;
    const char* protocol;
    const char* client;
    bool encrypted;
  };
  const Case cases[] = {
      {"192.0.2.1", "203.0.113.9", "https", "192.0.2.1", false},  // not one of ours
      {"10.0.0.1", "203.0.113.9", "https", "203.0.113.9", true},
      {"10.0.0.1", "203.0.113.9", "http", "203.0.113.9", false},
      {"10.0.0.1", "1.2.3.4, 203.0.113.9, 10.0.0.2", "https, http", "203.0.113.9", false},
      {"10.0.0.1", "10.0.0.3, 10.0.0.2", "", "10.0.0.3", false},
      {"10.0.0.1", "1.2.3.4, unknown", "https", "10.0.0.1", true},
      {"10.0.0.1", "", "https", "10.0.0.1", true},
      {"10.0.0.1", "2001:db8::1", "https", "2001:db8::1", true},
  };
  const std::vector<Network> proxies = parse_networks({"10.0.0.0/8"}).value_or({});
  for (const Case& one : cases) {
    Fields fields;
    fields.add("X-Forwarded-For", one.forwarded);
    fields.add("X-Forwarded-Proto", one.protocol);
    const Client client = client_of(FakeStream(one.peer), fields, proxies);
    EXPECT_EQ(client.peer.host, one.client) << one.forwarded;
    EXPECT_EQ(client.encrypted, one.encrypted) << one.forwarded;
  }
}

}  // namespace
}  // namespace postern::http
