// ID, AUTHENTICATE, LOGIN, ENABLE.
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

TEST(LoginGrammar, Values) {
  EXPECT_EQ(good(parse_login, "joe secret").user, "joe");
  EXPECT_EQ(good(parse_login, "joe secret").password.reveal(), "secret");
  EXPECT_EQ(good(parse_login, "{3}\r\njoe {6+}\r\nse ret").password.reveal(), "se ret");
  EXPECT_EQ(good(parse_login, "\"j\\\"oe\" \"\"").user, "j\"oe");
  EXPECT_TRUE(good(parse_login, "joe \"\"").password.empty());
}

TEST(LoginGrammar, Refused) {
  EXPECT_EQ(refusal(parse_login, ""), "expected a user name at octet 1");
  EXPECT_EQ(refusal(parse_login, "joe"), "expected a space at octet 4");
  EXPECT_EQ(refusal(parse_login, "joe "), "expected a password at octet 5");
  EXPECT_EQ(refusal(parse_login, "joe a b"), "expected the end of the command at octet 6");
  EXPECT_EQ(refusal(parse_login, "joe {-1}"), "expected a number at octet 6");
  EXPECT_EQ(refusal(parse_login, "joe {3}"),
            "expected the end of the line after the length of a literal at octet 8");
}

TEST(AuthenticateGrammar, InitialResponse) {
  EXPECT_EQ(good(parse_authenticate, "plain").mechanism, "PLAIN");
  EXPECT_FALSE(good(parse_authenticate, "PLAIN").initial_response.has_value());
  const Authenticate nothing = good(parse_authenticate, "EXTERNAL =");
  ASSERT_TRUE(nothing.initial_response.has_value());
  EXPECT_TRUE(nothing.initial_response->empty());
  const Authenticate joe = good(parse_authenticate, "PLAIN AGpvZQBzZWNyZXQ=");
  ASSERT_TRUE(joe.initial_response.has_value());
  EXPECT_EQ(joe.initial_response->reveal(), std::string_view("\0joe\0secret", 11));
}

TEST(AuthenticateGrammar, Refused) {
  EXPECT_EQ(refusal(parse_authenticate, ""), "expected a mechanism at octet 1");
  EXPECT_EQ(refusal(parse_authenticate, "PLAIN "), "expected base64 at octet 7");
  EXPECT_EQ(refusal(parse_authenticate, "PLAIN AGpv!"), "expected base64 at octet 7");
  EXPECT_EQ(refusal(parse_authenticate, "PLAIN ===="), "expected base64 at octet 7");
  EXPECT_EQ(refusal(parse_authenticate, "PLAIN AGpv AGpv"), "expected the end of the command at octet 11");
}

TEST(IdGrammar, Values) {
  EXPECT_TRUE(good(parse_id, "NIL").fields.empty());
  EXPECT_TRUE(good(parse_id, "()").fields.empty());
  const Id id = good(parse_id, "(\"name\" \"mutt\" \"version\" NIL)");
  ASSERT_EQ(id.fields.size(), 2u);
  EXPECT_EQ(id.fields[0], (Id::Field{"name", "mutt"}));
  EXPECT_EQ(id.fields[1], (Id::Field{"version", std::nullopt}));
}

TEST(IdGrammar, Bounds) {
  const auto fields = [](std::size_t count) { return "(\"a\" NIL" + repeat(" \"a\" NIL", count - 1) + ")"; };
  EXPECT_EQ(good(parse_id, fields(30)).fields.size(), 30u);
  EXPECT_EQ(refusal(parse_id, fields(31)), "expected at most 30 fields at octet 250");
  const auto field = [](std::size_t name, std::size_t value) {
    return "(\"" + repeat("n", name) + "\" \"" + repeat("v", value) + "\")";
  };
  EXPECT_EQ(refusal(parse_id, field(30, 1024)), "accepted");
  EXPECT_EQ(refusal(parse_id, field(31, 1)), "expected a field of at most 30 and 1024 octets at octet 2");
  EXPECT_EQ(refusal(parse_id, field(1, 1025)), "expected a field of at most 30 and 1024 octets at octet 2");
  EXPECT_EQ(refusal(parse_id, "((\"a\" \"b\"))"), "expected a field name at octet 2");
  EXPECT_EQ(refusal(parse_id, "(\"a\")"), "expected a space at octet 5");
  EXPECT_EQ(refusal(parse_id, ""), "expected \"(\" at octet 1");
}

TEST(EnableGrammar, Values) {
  EXPECT_EQ(good(parse_enable, "condstore X-Foo").capabilities,
            (std::vector<std::string>{"CONDSTORE", "X-FOO"}));
  EXPECT_EQ(good(parse_enable, "A" + repeat(" A", 999)).capabilities.size(), 1000u);
  EXPECT_EQ(refusal(parse_enable, ""), "expected a capability at octet 1");
  EXPECT_EQ(refusal(parse_enable, "A" + repeat(" A", 1000)),
            "expected at most 1000 capabilities at octet 2001");
}

}  // namespace
}  // namespace postern::imap
