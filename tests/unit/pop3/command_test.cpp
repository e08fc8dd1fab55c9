// POP3 commands: lines to values, good, bad and at the bounds.
#include "protocols/pop3/command.h"

#include <gtest/gtest.h>

namespace postern::pop3 {
namespace {

template <class C>
C parsed(std::string_view line) {
  auto command = parse_command(line);
  if (!command || !std::holds_alternative<C>(*command)) {
    ADD_FAILURE() << line;
    return C();
  }
  return std::get<C>(*std::move(command));
}

TEST(Pop3Command, KeywordsHaveNoCaseAndTrailingBlanksDoNotMatter) {
  parsed<Stat>("STAT");
  parsed<Stat>("stat");
  parsed<Noop>("NoOp  ");
  parsed<Quit>("QUIT ");
  parsed<Capa>("CAPA");
  parsed<Stls>("STLS");
  parsed<Rset>("RSET");
  parsed<Utf8>("UTF8");
}

TEST(Pop3Command, Arguments) {
  EXPECT_EQ(parsed<User>("USER joe@example.test").name, "joe@example.test");
  EXPECT_EQ(parsed<Pass>("PASS  two words ").password.reveal(), " two words ");
  EXPECT_FALSE(parsed<List>("LIST").message);
  EXPECT_EQ(parsed<List>("LIST 4294967295").message, 4294967295U);
  EXPECT_EQ(parsed<Uidl>("UIDL 7").message, 7U);
  EXPECT_EQ(parsed<Retr>("RETR 0").message, 0U);
  EXPECT_EQ(parsed<Top>("TOP 1 2147483648").lines, 2147483648U);
  EXPECT_EQ(parsed<Dele>("dele 3 ").message, 3U);
  EXPECT_EQ(parsed<Auth>("AUTH").mechanism, "");
  EXPECT_EQ(parsed<Auth>("AUTH PLAIN").mechanism, "PLAIN");
  EXPECT_FALSE(parsed<Auth>("AUTH PLAIN").initial_response);
  EXPECT_EQ(parsed<Auth>("AUTH PLAIN =").initial_response, "=");
  EXPECT_FALSE(parsed<Lang>("LANG").tag);
  EXPECT_EQ(parsed<Lang>("LANG en").tag, "en");
}

TEST(Pop3Command, Refused) {
  for (auto line : {"",
                    " ",
                    "XYZZY",
                    "STAT 1",
                    "LIST -1",
                    "LIST 1 2",
                    "LIST x",
                    "RETR",
                    "RETR 4294967296",
                    "RETR 1 2",
                    "RETR +1",
                    "TOP 1",
                    "TOP 1 -1",
                    "TOP 1 4294967296",
                    "TOP",
                    "DELE",
                    "DELE 1x",
                    "USER",
                    "PASS",
                    "NOOP now",
                    "QUIT now",
                    " STAT",
                    "STAT\t"}) {
    auto command = parse_command(line);
    ASSERT_FALSE(command) << line;
    EXPECT_EQ(command.error().kind, ErrorKind::invalid);
    EXPECT_EQ(command.error().detail.find("XYZZY"), std::string::npos) << "input must not be echoed";
  }
}

}  // namespace
}  // namespace postern::pop3
