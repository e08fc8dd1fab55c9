// Mailbox names (RFC 9051 §5.1): one normal form, bounds, hierarchy; and special-use attributes (RFC 6154).
#include "storage/model/mailbox.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

MailboxName name(std::string_view text) {
  auto parsed = MailboxName::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : MailboxName();
}

struct NameCase {
  std::string input;
  std::string text{};  // empty: refused
  ErrorKind refusal = ErrorKind::invalid;
};

class ParseName : public testing::TestWithParam<NameCase> {};

TEST_P(ParseName, NormalFormOrRefusal) {
  const auto parsed = MailboxName::parse(GetParam().input);
  if (GetParam().text.empty()) {
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().kind, GetParam().refusal);
  } else {
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(parsed->text(), GetParam().text);
  }
}

std::string levels(std::size_t count, const std::string& level) {
  std::string out = level;
  for (std::size_t i = 1; i < count; ++i) out += "/" + level;
  return out;
}

const std::string kLongest = levels(3, std::string(255, 'x')) + "/" + std::string(232, 'y');

INSTANTIATE_TEST_SUITE_P(Names, ParseName,
                         testing::Values(NameCase{"Work", "Work"}, NameCase{"Work/2024", "Work/2024"},
                                         NameCase{"inbox", "INBOX"}, NameCase{"iNbOx/Lists", "INBOX/Lists"},
                                         NameCase{"inboxes", "inboxes"}, NameCase{"a/inbox", "a/inbox"},
                                         NameCase{"e\xCC\x81t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
                                         NameCase{"a & b", "a & b"}, NameCase{"~root", "~root"},
                                         NameCase{"'; DROP TABLE mailboxes;--", "'; DROP TABLE mailboxes;--"},
                                         NameCase{levels(50, "d"), levels(50, "d")},
                                         NameCase{std::string(255, 'x'), std::string(255, 'x')},
                                         NameCase{kLongest, kLongest}));

INSTANTIATE_TEST_SUITE_P(Refusals, ParseName,
                         testing::Values(NameCase{""}, NameCase{"/a"}, NameCase{"a/"}, NameCase{"a//b"},
                                         NameCase{".."}, NameCase{"../../etc/passwd"}, NameCase{"a/./b"},
                                         NameCase{"a*"}, NameCase{"a%b"}, NameCase{std::string("a\0b", 3)},
                                         NameCase{"a\nb"}, NameCase{"a\tb"}, NameCase{"a\x7F"},
                                         NameCase{"a\xFF"}, NameCase{"\xED\xA0\x80"}, NameCase{"\xC0\xAF"},
                                         NameCase{levels(51, "d"), "", ErrorKind::too_large},
                                         NameCase{std::string(256, 'x'), "", ErrorKind::too_large},
                                         NameCase{kLongest + "z", "", ErrorKind::too_large}));

TEST(MailboxName, LongestIsAtTheBound) {
  EXPECT_EQ(kLongest.size(), kMailboxNameOctetsMax);
}

TEST(MailboxName, KnowsItsPlaceInTheHierarchy) {
  EXPECT_TRUE(name("a").ancestors().empty());
  const std::vector<MailboxName> above{name("a"), name("a/b")};
  EXPECT_EQ(name("a/b/c").ancestors(), above);
  EXPECT_TRUE(name("a/b").is_below(name("a")));
  EXPECT_FALSE(name("a").is_below(name("a")));
  EXPECT_FALSE(name("ab").is_below(name("a")));
  EXPECT_FALSE(name("a").is_below(name("a/b")));
}

TEST(MailboxName, MovesWithItsParent) {
  EXPECT_EQ(name("a/b/c").rebased(name("a"), name("x/y"))->text(), "x/y/b/c");
  EXPECT_EQ(name("a").rebased(name("a"), name("b"))->text(), "b");
  const auto too_deep = name("a/b").rebased(name("a"), name(levels(50, "d")));
  ASSERT_FALSE(too_deep);
  EXPECT_EQ(too_deep.error().kind, ErrorKind::too_large);
}

TEST(SpecialUse, AttributesReadBackWithoutCase) {
  for (const char* attribute :
       {"\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Junk", "\\Sent", "\\Trash"}) {
    const auto use = special_use_from(attribute);
    ASSERT_TRUE(use) << attribute;
    EXPECT_EQ(attribute_of(*use), attribute);
  }
  EXPECT_EQ(special_use_from("\\sENT"), SpecialUse::sent);
  EXPECT_EQ(special_use_from("Sent"), std::nullopt);
  EXPECT_TRUE(attribute_of(SpecialUse::none).empty());
}

}  // namespace
}  // namespace postern
