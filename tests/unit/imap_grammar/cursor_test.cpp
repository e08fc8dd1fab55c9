// Tokens of RFC 3501 §9 and the cursor's memory for its first error.
#include "protocols/imap/grammar/cursor.h"

#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

std::string astring_of(std::string_view octets) {
  Cursor in(octets);
  std::string out = in.astring();
  return in.ok() ? out : in.error().detail;
}

TEST(Cursor, Strings) {
  EXPECT_EQ(astring_of("joe]"), "joe]");
  EXPECT_EQ(astring_of("\"\""), "");
  EXPECT_EQ(astring_of("\"a\\\"b\\\\c\""), "a\"b\\c");
  EXPECT_EQ(astring_of("{0}\r\n"), "");
  EXPECT_EQ(astring_of("{5+}\r\na\r\n\"b"), "a\r\n\"b");
  EXPECT_EQ(astring_of("\"caf\xC3\xA9\""), "caf\xC3\xA9");
  EXPECT_EQ(astring_of(""), "expected a string at octet 1");
  EXPECT_EQ(astring_of("("), "expected a string at octet 1");
  EXPECT_EQ(astring_of("\"abc"), "expected a string that ends with a quote at octet 1");
  EXPECT_EQ(astring_of("\"abc\\"), "expected a quote or a backslash after a backslash at octet 6");
  EXPECT_EQ(astring_of("\"a\\b\""), "expected a quote or a backslash after a backslash at octet 4");
  EXPECT_EQ(astring_of("\"a\r\nb\""), "expected a string that ends with a quote at octet 1");
  EXPECT_EQ(astring_of("{-1}"), "expected a number at octet 2");
  EXPECT_EQ(astring_of("{9}\r\nshort"), "expected all octets of a literal at octet 6");
  EXPECT_EQ(astring_of("{1}x"), "expected the end of the line after the length of a literal at octet 4");
  EXPECT_EQ(astring_of("{9223372036854775808}\r\n"),
            "expected a number up to 9223372036854775807 at octet 2");
}

TEST(Cursor, FirstErrorStays) {
  Cursor in("1 x");
  in.number();
  in.expect('(');
  in.fail("expected something else");
  EXPECT_EQ(in.error().detail, "expected \"(\" at octet 2");
  EXPECT_EQ(in.atom(), "");
  EXPECT_EQ(in.nz_number(), 1u);
  EXPECT_FALSE(in.peek(' '));
  EXPECT_FALSE(in.take(" "));
}

TEST(Cursor, WordsEndWhereAtomsEnd) {
  Cursor in("RFC822.SIZE)");
  EXPECT_FALSE(in.take_word("RFC822"));
  EXPECT_TRUE(in.take_word("rfc822.size"));
  EXPECT_TRUE(in.peek(')'));
}

TEST(Cursor, NilIsAWordOfItsOwn) {
  Cursor nil("NIL");
  EXPECT_EQ(nil.nstring(), std::nullopt);
  Cursor text("\"NIL\"");
  EXPECT_EQ(text.nstring(), "NIL");
}

TEST(Cursor, ListBounds) {
  const auto count_of = [](const std::string& octets) {
    Cursor in(octets);
    const auto items = in.list([](Cursor& item) { return item.number(); }, 0);
    return in.ok() ? std::to_string(items.size()) : in.error().detail;
  };
  EXPECT_EQ(count_of("()"), "0");
  EXPECT_EQ(count_of("(1" + repeat(" 1", 999) + ")"), "1000");
  EXPECT_EQ(count_of("(1" + repeat(" 1", 1000) + ")"), "expected at most 1000 items at octet 2002");
  EXPECT_EQ(count_of("(1 2"), "expected \")\" at octet 5");
  EXPECT_EQ(count_of("(1  2)"), "expected a number at octet 4");
  EXPECT_EQ(count_of("( )"), "expected a number at octet 2");
}

TEST(Cursor, NothingMayBeLeftOver) {
  Cursor in("NOOP");
  EXPECT_EQ(parse_bare<Noop>(in).error().detail, "expected the end of the command at octet 1");
}

}  // namespace
}  // namespace postern::imap
