// Modified UTF-7 (RFC 3501 §5.1.3) both ways, names that are refused, and LIST patterns.
#include "protocols/imap/grammar/mailbox_name.h"

#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

struct Pair {
  std::string_view utf8;
  std::string_view encoded;
};

TEST(ModifiedUtf7, BothWays) {
  constexpr Pair kPairs[] = {
      {"", ""},
      {"INBOX", "INBOX"},
      {"a&b", "a&-b"},
      {"&&", "&-&-"},
      {"Entw\xC3\xBCrfe", "Entw&APw-rfe"},
      {"~peter/mail/\xE5\x8F\xB0\xE5\x8C\x97/\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
       "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
      {"\xF0\x9F\x93\xA7", "&2D3c5w-"},
      {"\xC3\xA9&", "&AOk-&-"},
      {"\xC3\xA9\xC3\xA9\xC3\xA9", "&AOkA6QDp-"},
      {"\x01", "&AAE-"},
  };
  for (const Pair& pair : kPairs) {
    EXPECT_EQ(to_modified_utf7(pair.utf8), pair.encoded);
    const auto decoded = from_modified_utf7(pair.encoded);
    ASSERT_TRUE(decoded) << pair.encoded;
    EXPECT_EQ(*decoded, pair.utf8);
  }
}

TEST(ModifiedUtf7, OnlyTheShortestForm) {
  for (std::string_view encoded :
       {"&",     "a&",       "&AAA",     "&AGE-",      "&AOk",   "&AOl-x&AO-",  "&2D0-", "&2AA-",
        "&3Ac-", "&3ADYAA-", "&2D3YPQ-", "&AOk-&AOk-", "&AOkA-", "&AOl-&",      "&A-",   "&AO-",
        "&AOm-", "&ACY-",    "&AOk=-",   "&AOk/-",     "& -",    "caf\xC3\xA9", "a\tb",  "a\x7F"}) {
    EXPECT_FALSE(from_modified_utf7(encoded)) << encoded;
  }
}

TEST(MailboxArgument, Names) {
  EXPECT_EQ(mailbox_argument("inbox").existing()->text(), "INBOX");
  EXPECT_EQ(mailbox_argument("a/b").existing()->text(), "a/b");
  EXPECT_EQ(mailbox_argument("&AOk-").existing()->text(), "\xC3\xA9");
  EXPECT_EQ(new_mailbox_argument("a/b/").creatable()->text(), "a/b");
  EXPECT_EQ(mailbox_argument(std::string(255, 'x')).existing()->text().size(), 255u);
}

TEST(MailboxArgument, NoNames) {
  for (const std::string& encoded :
       {std::string(), std::string("/"), std::string("/a"), std::string("a//b"), std::string("../x"),
        std::string("a/"), std::string("&AAE-"), std::string("a*"), std::string("a%"), std::string("a\r\nb"),
        std::string("a\tb"), std::string("&AAA"), std::string("\xFF"), std::string(256, 'x'),
        std::string(1001, 'x'), repeat("a/", 50) + "a"}) {
    const MailboxArgument argument = mailbox_argument(encoded);
    ASSERT_FALSE(argument.existing()) << encoded;
    EXPECT_EQ(argument.existing().error().kind, ErrorKind::not_found);
    EXPECT_EQ(argument.creatable().error().kind, ErrorKind::invalid);
  }
  EXPECT_FALSE(new_mailbox_argument("/").creatable());
  EXPECT_FALSE(new_mailbox_argument("a//").creatable());
}

struct MatchCase {
  std::string_view reference;
  std::string_view pattern;
  std::string_view name;
  bool matches;
};

TEST(ListPattern, Matching) {
  constexpr MatchCase kCases[] = {
      {"", "*", "a/b/c", true},
      {"", "%", "a", true},
      {"", "%", "a/b", false},
      {"", "%/%", "a/b", true},
      {"", "%/%", "a/b/c", false},
      {"", "a*c", "a/b/c", true},
      {"", "a%c", "a/b/c", false},
      {"", "a%c", "abc", true},
      {"a/", "%", "a/b", true},
      {"a/", "%", "b/b", false},
      {"", "%*%", "a/b", true},
      {"", "*%", "a/b", true},
      {"", "", "a", false},
      {"", "a", "a", true},
      {"", "a", "A", false},
      {"", "inbox", "INBOX", true},
      {"", "inbox/a", "INBOX/a", true},
      {"", "InB%", "INBOX", true},
      {"", "inbox/A", "INBOX/a", false},
      {"", "inbox", "INBOXES", false},
      {"", "*x*x*", "axbxc", true},
      {"", "*x*x*", "axb", false},
      {"", "%a%a", "banana", true},
      {"", "**", "", true},
  };
  for (const MatchCase& row : kCases) {
    EXPECT_EQ(ListPattern(row.reference, row.pattern).matches(row.name), row.matches)
        << row.reference << '+' << row.pattern << " on " << row.name;
  }
}

TEST(ListPattern, HostilePatterns) {
  const std::string name = repeat("a", 60) + "/" + repeat("a", 60);
  EXPECT_FALSE(ListPattern("", repeat("%a", 1000)).matches(name));
  EXPECT_FALSE(ListPattern("", repeat("*a", 1000)).matches(name));
  EXPECT_TRUE(ListPattern("", repeat("*a", 120)).matches(name));
  EXPECT_TRUE(ListPattern("", repeat("%*", 30'000) + "a").matches(name));
  EXPECT_FALSE(ListPattern("", repeat("%*", 30'000) + "b").matches(name));
}

}  // namespace
}  // namespace postern::imap
