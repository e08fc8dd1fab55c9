// Lines of Dovecot's authentication protocol.
#include "protocols/submission/auth_protocol.h"

#include <gtest/gtest.h>

namespace postern::submission {
namespace {

template <class T>
T parsed(std::string_view line) {
  AuthLine result = parse_auth_line(line);
  EXPECT_TRUE(std::holds_alternative<T>(result)) << line;
  return std::holds_alternative<T>(result) ? std::get<T>(std::move(result)) : T();
}

TEST(AuthProtocol, Requests) {
  const AuthRequest request = parsed<AuthRequest>(
      "AUTH\t7\tplain\tservice=smtp\tnologin\trip=192.0.2.7\trport=4711\tsecured\tresp=AGEAYg==");
  EXPECT_EQ(request.id, 7u);
  EXPECT_EQ(request.mechanism, "PLAIN");
  EXPECT_EQ(request.peer.host, "192.0.2.7");
  EXPECT_EQ(request.peer.port, 4711);
  EXPECT_EQ(request.initial_response, std::string("\0a\0b", 4));
  EXPECT_FALSE(parsed<AuthRequest>("AUTH\t4294967295\tLOGIN").initial_response);
  // What is no address does not reach the throttle.
  EXPECT_EQ(parsed<AuthRequest>("AUTH\t1\tLOGIN\trip=x y").peer.host, "");
}

TEST(AuthProtocol, OtherLines) {
  EXPECT_EQ(parsed<AuthVersion>("VERSION\t1\t2").major, 1u);
  EXPECT_EQ(parsed<AuthContinue>("CONT\t7\tYQ==").response, "a");
  EXPECT_EQ(parsed<AuthContinue>("CONT\t7\t").response, "");
  EXPECT_EQ(parsed<AuthCancel>("CANCEL\t7").id, 7u);
  parsed<AuthOther>("CPID\t1234");
  parsed<AuthOther>("");
}

TEST(AuthProtocol, Malformed) {
  for (const char* line : {"AUTH", "AUTH\t1", "AUTH\t1\t", "AUTH\tx\tPLAIN", "AUTH\t4294967296\tPLAIN",
                           "AUTH\t1\tPLAIN\tresp=*", "CONT", "CONT\t1\t*", "VERSION\tone", "CANCEL\t"}) {
    parsed<AuthMalformed>(line);
  }
}

TEST(AuthProtocol, EscapesValues) {
  EXPECT_EQ(escape_auth_value("a\tb\nc\r\001d"), "a\001tb\001nc\001r\0011d");
  EXPECT_EQ(escape_auth_value(std::string_view("\0", 1)), "\0010");
}

}  // namespace
}  // namespace postern::submission
