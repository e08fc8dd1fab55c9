// Octets → requests or refusals, whole and in every split. The refusals are the ways to make two readers
// disagree about where a request ends (RFC 9112 §11.2), and the bounds.
#include "protocols/http/request_parser.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "protocols/http/limits.h"

namespace postern::http {
namespace {

struct Parsed {
  std::vector<std::string> requests;  // "GET /path?query [body]"
  int refusal = 0;
  friend bool operator==(const Parsed&, const Parsed&) = default;
};

std::ostream& operator<<(std::ostream& out, const Parsed& parsed) {
  for (const std::string& request : parsed.requests) out << request << "; ";
  return out << "refusal " << parsed.refusal;
}

// As a connection does: what the parser did not take comes again with what arrives next.
Parsed parse(const std::string& octets, std::size_t piece) {
  Parsed parsed;
  std::string unread;
  std::string body;
  auto parser = std::make_unique<RequestParser>();
  for (std::size_t at = 0; at < octets.size(); at += piece) {
    unread += octets.substr(at, piece);
    while (true) {
      const std::size_t taken = parser->feed(unread);
      unread.erase(0, taken);
      body += parser->take_body();
      if (parser->refusal()) {
        parsed.refusal = parser->refusal()->status;
        return parsed;
      }
      if (parser->complete()) {
        const RequestHead& head = parser->head();
        std::string text = head.method + ' ' + head.path;
        if (!head.query.empty()) text += '?' + head.query;
        if (!body.empty()) text += " [" + body + "]";
        parsed.requests.push_back(std::move(text));
        body.clear();
        parser = std::make_unique<RequestParser>();
      } else if (taken == 0) {
        break;
      }
    }
  }
  return parsed;
}

struct Case {
  std::string octets;
  Parsed expected;
};

Case good(std::string octets, std::vector<std::string> requests) {
  return {std::move(octets), {std::move(requests), 0}};
}
Case bad(std::string octets, int status) {
  return {std::move(octets), {{}, status}};
}
std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}
std::string post(const std::string& fields, const std::string& body) {
  return "POST /p HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}
std::string chunks(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::vector<Case> cases() {
  using std::string;
  const string nul(1, '\0');
  return {
      good("GET / HTTP/1.1\r\nHost: h\r\n\r\n", {"GET /"}),
      good("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", {"GET /"}),
      bad("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      good("GET /a%20b?c=d?e HTTP/1.0\r\n\r\n", {"GET /a%20b?c=d?e"}),
      good("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", {"OPTIONS *"}),
      good("GET http://H:80/x?y HTTP/1.1\r\nHost: h:80\r\n\r\n", {"GET /x?y"}),
      good("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n", {"GET /"}),
      good("GET https://h?q HTTP/1.1\r\nHost: h\r\n\r\n", {"GET /?q"}),
      good("GET / HTTP/1.1\r\nHost:\r\n\r\n", {"GET /"}),
      good(post("Content-Length: 3\r\n", "abc"), {"POST /p [abc]"}),
      good(post("Content-Length: 0\r\n", "") + get(""), {"POST /p", "GET /"}),
      good(post("Content-Length: 003\r\n", "abc") + get(""), {"POST /p [abc]", "GET /"}),
      good(post("", "") + get(""), {"POST /p", "GET /"}),
      good(chunks("3\r\nabc\r\n0\r\n\r\n") + get(""), {"POST /p [abc]", "GET /"}),
      good(post("transfer-encoding: Chunked\r\n", "1\r\na\r\n1\r\nb\r\n0\r\n\r\n"), {"POST /p [ab]"}),
      good(chunks("000A\r\n0123456789\r\n0\r\n\r\n"), {"POST /p [0123456789]"}),
      good(chunks("3;a=b\r\nabc\r\n0;c\r\n\r\n"), {"POST /p [abc]"}),
      good(chunks("1\r\na\r\n0\r\nX-Trailer: t\r\n\r\n") + get(""), {"POST /p [a]", "GET /"}),
      good(get("Content-Encoding: identity\r\n"), {"GET /"}),
      // Smuggling.
      bad(post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
      bad(post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"), 400),
      bad(post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400),
      bad(post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400),
      bad(post("Content-Length: 3, 3\r\n", "abc"), 400),
      bad(post("Content-Length: 5,5\r\n", "abcde"), 400),
      bad(post("Content-Length: +3\r\n", "abc"), 400),
      bad(post("Content-Length: -3\r\n", "abc"), 400),
      bad(post("Content-Length: 0x3\r\n", "abc"), 400),
      bad(post("Content-Length: 3a\r\n", "abc"), 400),
      bad(post("Content-Length: 3 3\r\n", "abc"), 400),
      bad(post("Content-Length: \"3\"\r\n", "abc"), 400),
      bad(post("Content-Length:\r\n", ""), 400),
      bad(post("Content-Length: 9223372036854775808\r\n", ""), 400),
      bad(post("Content-Length: 18446744073709551619\r\n", ""), 400),
      bad(post("Content-Length: 99999999999999999999999\r\n", ""), 400),
      bad(post("Content-Length : 3\r\n", "abc"), 400),
      bad(post("Content-Length\t: 3\r\n", "abc"), 400),
      bad(post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400),
      bad(post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501),
      bad(post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501),
      bad(post("Transfer-Encoding: identity, chunked\r\n", "0\r\n\r\n"), 501),
      bad(post("Transfer-Encoding: gzip\r\n", ""), 501),
      bad(post("Transfer-Encoding: identity\r\n", ""), 501),
      bad(post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), 501),
      bad(post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501),
      bad(post("Transfer-Encoding: chun\x0B"
               "ked\r\n",
               "0\r\n\r\n"),
          400),
      bad(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
      bad(post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400),
      bad("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
      bad(get("X: a\r\n b\r\n"), 400),
      bad(get("X: a\r\n\tb\r\n"), 400),
      bad(get("X:\r\n Transfer-Encoding: chunked\r\n"), 400),
      bad("GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400),
      bad("GET / HTTP/1.1\nHost: h\n\n", 400),
      bad("GET / HTTP/1.1\r\nHost: h\n\r\n", 400),
      bad("GET / HTTP/1.1\rHost: h\r\r", 400),
      bad(get("X: a\rb\r\n"), 400),
      bad(get("X: a" + nul + "b\r\n"), 400),
      bad(get("X" + nul + ": b\r\n"), 400),
      bad(get("X: a\x7F\r\n"), 400),
      bad(get(": b\r\n"), 400),
      bad(get("no colon\r\n"), 400),
      bad(get("X(y): b\r\n"), 400),
      bad(get("Content-Length: 3\r\n"), 400),
      bad(get("Transfer-Encoding: chunked\r\n"), 400),
      bad("HEAD / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na", 400),
      bad("GET / HTTP/1.1\r\n\r\n", 400),
      bad("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
      bad("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
      bad("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
      bad("GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", 400),
      bad("GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET http://h:81/ HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET /a\xFF HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad("GET /\r\n\r\n", 400),
      bad("GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
      bad("GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505),
      bad("GET / HTTP/01.1\r\nHost: h\r\n\r\n", 400),
      bad("GET / http/1.1\r\nHost: h\r\n\r\n", 400),
      bad("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
      bad("G{T / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
      bad(post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "a"), 415),
      bad(post("Expect: 200-ok\r\nContent-Length: 1\r\n", "a"), 417),
      // Chunks.
      bad(chunks("0x1\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("-1\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("+1\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks(" 1\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("1 \r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("g\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("10000000000000000\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("1\r\nab\r\n0\r\n\r\n"), 400),
      bad(chunks("2\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("1\na\n0\r\n\r\n"), 400),
      bad(chunks("1\r\na\n0\r\n\r\n"), 400),
      bad(chunks("1;a\nb\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("1;a=\"b\"\r\na\r\n0\r\n\r\n"), 400),
      bad(chunks("1;a=\"\r\na\r\n0\r\n\r\n\"\r\n"), 400),
      bad(chunks("0\r\nbad trailer\r\n\r\n"), 400),
      bad(chunks("0\r\n: b\r\n\r\n"), 400),
      bad(chunks("0\r\nX: a\n\r\n\r\n"), 400),
      bad(chunks("0\r\nX: a\r\n folded\r\n\r\n"), 400),
      good(chunks("0\r\nContent-Length: 5\r\n\r\n") + get(""), {"POST /p", "GET /"}),
      // Not there yet: neither a request nor a refusal.
      good(chunks("1\r\na\r\n0\r\n"), {}),
      good(chunks("1\r\na\r\n"), {}),
      good(post("Content-Length: 3\r\n", "ab"), {}),
      good("GET / HTTP/1.1\r\nHost: h\r\n", {}),
  };
}

TEST(RequestParser, TakesOrRefusesInEverySplit) {
  for (const Case& one : cases()) {
    for (std::size_t piece = 1; piece <= one.octets.size(); piece += piece < 40 ? 1 : 13) {
      EXPECT_EQ(parse(one.octets, piece), one.expected) << "in pieces of " << piece << ":\n" << one.octets;
    }
    EXPECT_EQ(parse(one.octets, one.octets.size()), one.expected) << one.octets;
  }
}

TEST(RequestParser, BoundsOfTheHead) {
  const auto refusal = [](const std::string& octets) { return parse(octets, 1000).refusal; };
  const auto with_target = [](std::size_t octets) {
    return "GET /" + std::string(octets - 1, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  };
  EXPECT_EQ(refusal(with_target(kTargetOctetsMax)), 0);
  EXPECT_EQ(refusal(with_target(kTargetOctetsMax + 1)), 414);
  EXPECT_EQ(refusal("GET /" + std::string(100'000, 'a')), 414);

  const auto with_fields = [](std::size_t count) {
    std::string fields;
    for (std::size_t i = 1; i < count; ++i) fields += "X: y\r\n";
    return get(fields);
  };
  EXPECT_EQ(refusal(with_fields(kFieldsMax)), 0);
  EXPECT_EQ(refusal(with_fields(kFieldsMax + 1)), 431);

  const std::string short_head = get("X: \r\n");
  const auto with_octets = [&](std::size_t octets) {
    return get("X: " + std::string(octets - short_head.size(), 'a') + "\r\n");
  };
  EXPECT_EQ(with_octets(kHeadOctetsMax).size(), kHeadOctetsMax);
  EXPECT_EQ(refusal(with_octets(kHeadOctetsMax)), 0);
  EXPECT_EQ(refusal(with_octets(kHeadOctetsMax + 1)), 431);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nX: " + std::string(1'000'000, 'a')), 431);
}

TEST(RequestParser, BoundsOfAChunksLine) {
  const auto with_extension = [](std::size_t octets) {
    return parse(chunks("1;" + std::string(octets, 'a')), 1000).refusal;
  };
  EXPECT_EQ(with_extension(kChunkLineOctetsMax - 2), 0);
  EXPECT_EQ(with_extension(kChunkLineOctetsMax), 400);
  std::string trailers = "0\r\n";
  while (trailers.size() <= kChunkLineOctetsMax) trailers += "X: y\r\n";
  EXPECT_EQ(parse(chunks(trailers), 1000).refusal, 400);
}

TEST(RequestParser, SaysHowTheConnectionGoesOn) {
  const auto head = [](const std::string& octets) {
    RequestParser parser;
    parser.feed(octets);
    return parser.head();
  };
  EXPECT_TRUE(head(get("")).keep_alive);
  EXPECT_FALSE(head(get("Connection: x, CLOSE\r\n")).keep_alive);
  EXPECT_FALSE(head("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
  EXPECT_TRUE(head(post("Expect: 100-Continue\r\nContent-Length: 1\r\n", "")).expects_continue);
  EXPECT_FALSE(head(post("Expect: 100-continue\r\nContent-Length: 0\r\n", "")).expects_continue);
}

}  // namespace
}  // namespace postern::http
