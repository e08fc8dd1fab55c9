// Framing: RFC 3501 §2.2 and §4.3, RFC 7888; hostile lines.
#include "protocols/imap/grammar/framer.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

FramerState feed(Framer& framer, std::string_view text) {
  return framer.line(InputLine{.text = text});
}

Refusal refused(FramerLimits limits, InputLine line) {
  Framer framer(limits);
  EXPECT_EQ(framer.line(line), FramerState::refused) << line.text.substr(0, 80);
  return framer.take_refusal();
}

TEST(Framer, OneLine) {
  Framer framer(kAfterLogIn);
  ASSERT_EQ(feed(framer, "a7 fetch 2:4 (FLAGS BODY.PEEK[1])"), FramerState::complete);
  const Frame frame = framer.take_frame();
  EXPECT_EQ(frame.tag, "a7");
  EXPECT_EQ(frame.name, "FETCH");
  EXPECT_EQ(frame.arguments, "2:4 (FLAGS BODY.PEEK[1])");
  EXPECT_FALSE(framer.in_command());
}

TEST(Framer, UidCommandsHaveTwoWords) {
  Framer framer(kAfterLogIn);
  ASSERT_EQ(feed(framer, "x uid Fetch 1:* FLAGS"), FramerState::complete);
  const Frame frame = framer.take_frame();
  EXPECT_EQ(frame.name, "UID FETCH");
  EXPECT_EQ(frame.arguments, "1:* FLAGS");
}

TEST(Framer, NoArguments) {
  for (std::string_view line : {"a NOOP", "a NOOP "}) {
    Framer framer;
    ASSERT_EQ(feed(framer, line), FramerState::complete);
    EXPECT_EQ(framer.take_frame().arguments, "");
  }
}

TEST(Framer, LiteralsStayInPlace) {
  Framer framer;
  ASSERT_EQ(feed(framer, "a1 LOGIN {3}"), FramerState::need_literal);
  EXPECT_EQ(framer.literal_octets(), 3u);
  EXPECT_TRUE(framer.synchronizing());
  EXPECT_EQ(framer.literal("j"), FramerState::need_literal);
  EXPECT_EQ(framer.literal("oe"), FramerState::need_line);
  ASSERT_EQ(feed(framer, " {6+}"), FramerState::need_literal);
  EXPECT_FALSE(framer.synchronizing());
  EXPECT_EQ(framer.literal("secret"), FramerState::need_line);
  EXPECT_TRUE(framer.in_command());
  ASSERT_EQ(feed(framer, ""), FramerState::complete);
  EXPECT_EQ(framer.take_frame().arguments, "{3}\r\njoe {6+}\r\nsecret");
}

TEST(Framer, LiteralOfNothing) {
  Framer framer;
  ASSERT_EQ(feed(framer, "a LOGIN {0}"), FramerState::need_literal);
  EXPECT_EQ(framer.literal_octets(), 0u);
  ASSERT_EQ(feed(framer, " x"), FramerState::complete);
  EXPECT_EQ(framer.take_frame().arguments, "{0}\r\n x");
}

TEST(Framer, MessageOfAppendIsLeftOnTheConnection) {
  Framer framer(kAfterLogIn);
  ASSERT_EQ(feed(framer, "a APPEND INBOX (\\Seen) {310}"), FramerState::message);
  EXPECT_EQ(framer.literal_octets(), 310u);
  EXPECT_EQ(framer.take_frame().arguments, "INBOX (\\Seen) {310}");
  ASSERT_EQ(feed(framer, "b APPEND {5}"), FramerState::need_literal);
  framer.literal("INBOX");
  ASSERT_EQ(feed(framer, " {9223372036854775807+}"), FramerState::message);
  EXPECT_FALSE(framer.synchronizing());
  EXPECT_EQ(framer.take_frame().arguments, "{5}\r\nINBOX {9223372036854775807+}");
}

TEST(Framer, MessageOfReplaceIsLeftOnTheConnection) {
  Framer framer(kAfterLogIn);
  ASSERT_EQ(feed(framer, "a UID REPLACE 4 Drafts {310}"), FramerState::message);
  EXPECT_EQ(framer.take_frame().arguments, "4 Drafts {310}");
  ASSERT_EQ(feed(framer, "b REPLACE 4 {5}"), FramerState::need_literal);
  framer.literal("INBOX");
  ASSERT_EQ(feed(framer, " (\\Seen) ~{7+}"), FramerState::message);
  EXPECT_EQ(framer.take_frame().arguments, "4 {5}\r\nINBOX (\\Seen) ~{7+}");
}

TEST(Framer, StrangersHaveNoMessages) {
  Framer framer;
  ASSERT_EQ(feed(framer, "a APPEND INBOX {100000}"), FramerState::refused);
  const Refusal refusal = framer.take_refusal();
  EXPECT_TRUE(refusal.too_big && refusal.close);
}

TEST(Framer, TagsThatMayNotBeEchoed) {
  for (std::string_view line : {"", " NOOP", "+ NOOP", "a+b NOOP", "(x NOOP", "\xC3\xA9 NOOP", "a\x01 NOOP",
                                "<script> NOOP{", "\"a\" NOOP"}) {
    Framer framer(kAfterLogIn);
    const FramerState state = feed(framer, line);
    if (line.starts_with('<')) {
      EXPECT_EQ(state, FramerState::refused) << "the name is no atom";
      continue;
    }
    EXPECT_EQ(state, FramerState::refused) << line;
    EXPECT_EQ(framer.take_refusal().tag, "") << line;
  }
  EXPECT_EQ(refused(kAfterLogIn, {.text = repeat("t", 65) + " NOOP"}).tag, "");
  Framer longest(kAfterLogIn);
  EXPECT_EQ(feed(longest, repeat("t", 64) + " NOOP"), FramerState::complete);
}

TEST(Framer, CommandNamesThatAreNone) {
  for (std::string_view line : {"a", "a ", "a  NOOP", "a (NOOP)", "a UID", "a UID  FETCH", "a \"NOOP\""}) {
    const Refusal refusal = refused(kAfterLogIn, {.text = line});
    EXPECT_EQ(refusal.tag, "a") << line;
    EXPECT_FALSE(refusal.close) << line;
  }
  EXPECT_EQ(refused(kAfterLogIn, {.text = "a " + repeat("N", 33)}).tag, "a");
}

TEST(Framer, HttpEndsTheConversation) {
  for (std::string_view line : {"POST / HTTP/1.1", "GET", "PRI * HTTP/2.0", "OPTIONS * HTTP/1.1",
                                "HEAD / HTTP/1.0", "PUT /x HTTP/1.1", "CONNECT a:143 HTTP/1.1"}) {
    const Refusal refusal = refused(kBeforeLogIn, {.text = line});
    EXPECT_TRUE(refusal.close) << line;
    EXPECT_EQ(refusal.tag, "") << line;
  }
  Framer framer;
  EXPECT_EQ(feed(framer, "POSTER NOOP"), FramerState::complete);
}

TEST(Framer, OctetsThatAreNeverAllowed) {
  EXPECT_EQ(refused(kAfterLogIn, {.text = std::string_view("a NO\0OP", 7), .has_nul = true}).tag, "a");
  EXPECT_EQ(refused(kAfterLogIn, {.text = "a NO\rOP", .has_bare_cr = true}).tag, "a");
  Framer framer;
  ASSERT_EQ(feed(framer, "a LOGIN {3}"), FramerState::need_literal);
  framer.literal(std::string_view("a\0b", 3));
  ASSERT_EQ(feed(framer, " secret"), FramerState::refused);
  EXPECT_EQ(framer.take_refusal().tag, "a");
  ASSERT_EQ(feed(framer, "b NOOP"), FramerState::complete) << "costs its own command only";
}

TEST(Framer, RefusedLineWithAnUninvitedLiteralCloses) {
  EXPECT_TRUE(refused(kAfterLogIn, {.text = "( x {3+}"}).close);
  EXPECT_FALSE(refused(kAfterLogIn, {.text = "( x {3}"}).close);
}

struct LiteralCase {
  FramerLimits limits;
  std::string line;
  FramerState state;
  bool too_big = false;
  bool close = false;
};

TEST(Framer, LiteralBounds) {
  const std::vector<LiteralCase> cases{
      {kBeforeLogIn, "a LOGIN {8000}", FramerState::need_literal},
      {kBeforeLogIn, "a LOGIN {8192}", FramerState::refused, true, true},
      {kBeforeLogIn, "a LOGIN {8193}", FramerState::refused, true, true},
      {kBeforeLogIn, "a LOGIN {100000+}", FramerState::refused, true, true},
      {kBeforeLogIn, "a LOGIN {2147483648}", FramerState::refused, true, true},
      {kBeforeLogIn, "a LOGIN {4294967296}", FramerState::refused, true, true},
      {kBeforeLogIn, "a LOGIN {18446744073709551616}", FramerState::refused, true, true},
      {kBeforeLogIn, "a LOGIN {100000000000000000000000}", FramerState::refused, true, true},
      {kBeforeLogIn, "a LOGIN {-1}", FramerState::complete},  // no literal: the parser refuses it
      {kBeforeLogIn, "a LOGIN {}", FramerState::complete},
      {kBeforeLogIn, "a LOGIN {+}", FramerState::complete},
      {kAfterLogIn, "a SELECT {131072}", FramerState::need_literal},
      {kAfterLogIn, "a SELECT {131073}", FramerState::refused, true, false},
      {kAfterLogIn, "a SELECT {131073+}", FramerState::refused, true, true},
      {kAfterLogIn, "a SELECT {18446744073709551616}", FramerState::refused, false, false},
      {kAfterLogIn, "a APPEND x {9223372036854775808}", FramerState::refused, false, false},
  };
  for (const LiteralCase& row : cases) {
    Framer framer(row.limits);
    ASSERT_EQ(feed(framer, row.line), row.state) << row.line;
    const Refusal refusal = framer.take_refusal();
    EXPECT_EQ(refusal.too_big, row.too_big) << row.line;
    EXPECT_EQ(refusal.close, row.close) << row.line;
  }
}

TEST(Framer, AThousandLiterals) {
  Framer framer(kAfterLogIn);
  ASSERT_EQ(feed(framer, "a SEARCH {1+}"), FramerState::need_literal);
  for (int i = 1; i < 1000; ++i) {
    ASSERT_EQ(framer.literal("x"), FramerState::need_line);
    ASSERT_EQ(feed(framer, " {1+}"), FramerState::need_literal) << i;
  }
  framer.literal("x");
  ASSERT_EQ(feed(framer, " {1}"), FramerState::refused);
  EXPECT_TRUE(framer.take_refusal().too_big);
}

TEST(Framer, SumOfLiterals) {
  Framer framer(kAfterLogIn);
  const std::string literal(131072, 'x');
  ASSERT_EQ(feed(framer, "a SEARCH {131072}"), FramerState::need_literal);
  for (int i = 1; i < 7; ++i) {
    framer.literal(literal);
    ASSERT_EQ(feed(framer, " {131072}"), FramerState::need_literal) << i;
  }
  framer.literal(literal);
  ASSERT_EQ(feed(framer, " {131072}"), FramerState::refused) << "eight of them and the line are above 1 MiB";
  EXPECT_TRUE(framer.take_refusal().too_big);
  EXPECT_EQ(feed(framer, "b NOOP"), FramerState::complete);
}

TEST(Framer, LineAndLiteralsOfStrangersShareABudget) {
  Framer framer;
  ASSERT_EQ(feed(framer, "a LOGIN {8000}"), FramerState::need_literal);
  framer.literal(std::string(8000, 'x'));
  ASSERT_EQ(feed(framer, " " + std::string(200, 'x')), FramerState::refused);
  const Refusal refusal = framer.take_refusal();
  EXPECT_TRUE(refusal.too_big && refusal.close);
}

TEST(Framer, ListsOfStrangers) {
  Framer framer;
  EXPECT_EQ(feed(framer, "a ID (\"name\" \"(((\\\"(\")"), FramerState::complete);
  framer.take_frame();
  ASSERT_EQ(feed(framer, "a ID (("), FramerState::refused);
  EXPECT_TRUE(framer.take_refusal().close);
}

TEST(Framer, LongLine) {
  EXPECT_TRUE(refused(kBeforeLogIn, {.text = repeat("a", 8192), .too_long = true}).close);
  Framer framer(kAfterLogIn);
  EXPECT_EQ(feed(framer, "a SEARCH " + std::string(65527, 'x')), FramerState::complete);
  framer.take_frame();
  const std::string cut = "a SEARCH " + std::string(65527, 'x');
  ASSERT_EQ(framer.line({.text = cut, .too_long = true}), FramerState::need_line);
  ASSERT_EQ(framer.line({.text = cut, .too_long = true}), FramerState::need_line);
  ASSERT_EQ(feed(framer, "the end"), FramerState::refused);
  Refusal refusal = framer.take_refusal();
  EXPECT_EQ(refusal.tag, "a");
  EXPECT_TRUE(refusal.too_big);
  EXPECT_FALSE(refusal.close);
  ASSERT_EQ(framer.line({.text = cut, .too_long = true}), FramerState::need_line);
  ASSERT_EQ(feed(framer, "5+}"), FramerState::refused);
  EXPECT_TRUE(framer.take_refusal().close) << "octets that nobody asked for may follow";
}

TEST(Framer, EndlessLine) {
  Framer framer(kAfterLogIn);
  const std::string piece(65536, 'x');
  int pieces = 1;
  while (framer.line({.text = piece, .too_long = true}) == FramerState::need_line) ++pieces;
  EXPECT_EQ(pieces, 17);
  EXPECT_TRUE(framer.take_refusal().close);
}

}  // namespace
}  // namespace postern::imap
