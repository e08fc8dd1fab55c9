// Tokens of responses: quoted or literal, and what never goes on the wire.
#include "protocols/imap/response/writer.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

std::string string_of(std::string_view octets) {
  std::string out;
  Writer(out).string(octets);
  return out;
}

std::string astring_of(std::string_view octets) {
  std::string out;
  Writer(out).astring(octets);
  return out;
}

TEST(Writer, Strings) {
  EXPECT_EQ(string_of(""), "\"\"");
  EXPECT_EQ(string_of("a \"b\" \\"), "\"a \\\"b\\\" \\\\\"");
  EXPECT_EQ(string_of("caf\xC3\xA9"), "{5}\r\ncaf\xC3\xA9");
  EXPECT_EQ(string_of("a\r\nb"), "{4}\r\na\r\nb");
  EXPECT_EQ(string_of("a\tb"), "{3}\r\na\tb");
  EXPECT_EQ(string_of(std::string_view("a\0b", 3)), "{3}\r\na b");
  EXPECT_EQ(string_of(std::string(1000, 'x')), '"' + std::string(1000, 'x') + '"');
  EXPECT_EQ(string_of(std::string(1001, 'x')), "{1001}\r\n" + std::string(1001, 'x'));
}

TEST(Writer, NilIsNotAString) {
  std::string out;
  Writer(out).nstring(std::nullopt).raw(" ").nstring("NIL").raw(" ").nstring("");
  EXPECT_EQ(out, "NIL \"NIL\" \"\"");
}

TEST(Writer, AStrings) {
  EXPECT_EQ(astring_of("From"), "From");
  EXPECT_EQ(astring_of("a]"), "a]");
  EXPECT_EQ(astring_of(""), "\"\"");
  EXPECT_EQ(astring_of("a b"), "\"a b\"");
  EXPECT_EQ(astring_of("a(b"), "\"a(b\"");
  EXPECT_EQ(astring_of("a\r\n"), "{3}\r\na\r\n");
}

TEST(Writer, Mailboxes) {
  const auto mailbox = [](std::string_view name) {
    std::string out;
    Writer(out).mailbox(*MailboxName::parse(name));
    return out;
  };
  EXPECT_EQ(mailbox("inbox"), "INBOX");
  EXPECT_EQ(mailbox("a/b c"), "\"a/b c\"");
  EXPECT_EQ(mailbox("Entw\xC3\xBCrfe"), "Entw&APw-rfe");
  EXPECT_EQ(mailbox("a&b"), "a&-b");
  EXPECT_EQ(mailbox("NIL"), "\"NIL\"");
  EXPECT_EQ(mailbox("nil"), "\"nil\"");
}

TEST(Writer, Numbers) {
  std::string out;
  Writer(out).number(0).raw(" ").number(UINT64_MAX);
  EXPECT_EQ(out, "0 18446744073709551615");
}

}  // namespace
}  // namespace postern::imap
