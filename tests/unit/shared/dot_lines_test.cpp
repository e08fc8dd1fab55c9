// Dot lines: every split of the octets gives the same result, and only CRLF.CRLF ends a message.
#include "protocols/shared/dot_lines.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

struct Outcome {
  std::string octets;
  std::string left;
  bool ended = false;
  bool operator==(const Outcome&) const = default;
};

Outcome unstuff(std::string_view first, std::string_view second) {
  DotUnstuffer unstuffer;
  Outcome outcome;
  std::string all;
  const std::size_t taken = unstuffer.feed(first, outcome.octets);
  outcome.left = first.substr(taken);
  if (unstuffer.ended()) {
    outcome.left += second;
  } else {
    const std::size_t more = unstuffer.feed(second, outcome.octets);
    outcome.left += second.substr(more);
  }
  outcome.ended = unstuffer.ended();
  return outcome;
}

struct Case {
  std::string_view in;
  Outcome out;
};

const Case kCases[] = {
    {"a\r\n.\r\nQUIT\r\n", {"a\r\n", "QUIT\r\n", true}},
    {".\r\n", {"", "", true}},
    {"..a\r\n...\r\n.\r\n", {".a\r\n..\r\n", "", true}},
    {".a\r\n.\r\n", {"a\r\n", "", true}},
    {"a\n.\nb\r\n.\r\n", {"a\n.\nb\r\n", "", true}},
    {"a\r\n.\nb\r\n.\r\n", {"a\r\n\nb\r\n", "", true}},
    {"a\n.\r\nb\r\n.\r\n", {"a\n.\r\nb\r\n", "", true}},
    {"a\r.\rb\r\n.\r\n", {"a\r.\rb\r\n", "", true}},
    {"a\r\n.\rb\r\n.\r\n", {"a\r\n\rb\r\n", "", true}},
    {"a\r\n.\r\r\nb\r\n.\r\n", {"a\r\n\r\r\nb\r\n", "", true}},
    {"a\r\r\n.\r\n", {"a\r\r\n", "", true}},
};

TEST(DotUnstuffer, EndsOnlyAtCrlfDotCrlfWhateverTheSplit) {
  for (const Case& test : kCases) {
    for (std::size_t split = 0; split <= test.in.size(); ++split) {
      EXPECT_EQ(unstuff(test.in.substr(0, split), test.in.substr(split)).octets, test.out.octets)
          << test.in << " at " << split;
      EXPECT_EQ(unstuff(test.in.substr(0, split), test.in.substr(split)), test.out)
          << test.in << " at " << split;
    }
  }
}

TEST(DotUnstuffer, NulBeforeTheDotIsNoEnd) {
  const std::string_view in("a\r\n\0.\r\nb\r\n", 10);
  DotUnstuffer unstuffer;
  std::string out;
  unstuffer.feed(in, out);
  EXPECT_FALSE(unstuffer.ended());
  EXPECT_EQ(out, in);
}

std::string stuff(std::string_view in, std::size_t split) {
  DotStuffer stuffer;
  std::string out;
  stuffer.feed(in.substr(0, split), out);
  stuffer.feed(in.substr(split), out);
  stuffer.finish(out);
  return out;
}

TEST(DotStuffer, WhateverTheSplit) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ".\r\n"},
      {"a", "a\r\n.\r\n"},
      {"a\r\n", "a\r\n.\r\n"},
      {".\r\n", "..\r\n.\r\n"},
      {"a\r\n.b\r\n..\r\n", "a\r\n..b\r\n...\r\n.\r\n"},
      {"a\n.b\r\n", "a\n..b\r\n.\r\n"},
      {"a\n.\n", "a\n..\n\r\n.\r\n"},
      {"a\r", "a\r\r\n.\r\n"},
  };
  for (const auto& [in, out] : cases) {
    for (std::size_t split = 0; split <= in.size(); ++split) EXPECT_EQ(stuff(in, split), out) << in << split;
  }
}

TEST(DotLines, RoundTrip) {
  const std::string message = ".\r\n..\r\na\r\n\r\n.x\r\nend\r\n";
  std::string out;
  DotUnstuffer unstuffer;
  unstuffer.feed(stuff(message, 4), out);
  EXPECT_TRUE(unstuffer.ended());
  EXPECT_EQ(out, message);
}

}  // namespace
}  // namespace postern
