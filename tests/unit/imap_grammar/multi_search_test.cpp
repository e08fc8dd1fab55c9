// ESEARCH and its sources (RFC 7377 §4).
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

using Kind = MailboxFilter::Kind;

TEST(MultiSearchGrammar, OfTheRfc) {
  const MultiSearch search =
      good(parse_multi_search, "IN (mailboxes \"folder1\" subtree \"folder2\") unseen");
  ASSERT_EQ(search.sources.size(), 2u);
  EXPECT_EQ(search.sources[0].kind, Kind::mailboxes);
  EXPECT_EQ(search.sources[0].names.front().name.text(), "folder1");
  EXPECT_EQ(search.sources[1].kind, Kind::subtree);
  EXPECT_TRUE(search.search.uid);
  EXPECT_TRUE(search.search.returned->all) << "what is answered unless it is said otherwise";
}

TEST(MultiSearchGrammar, Sources) {
  const auto kind = [](std::string_view source) {
    return good(parse_multi_search, "IN (" + std::string(source) + ") ALL").sources.front().kind;
  };
  EXPECT_EQ(kind("selected"), Kind::selected);
  EXPECT_EQ(kind("Personal"), Kind::personal);
  EXPECT_EQ(kind("inboxes"), Kind::inboxes);
  EXPECT_EQ(kind("subscribed"), Kind::subscribed);
  EXPECT_EQ(kind("subtree-one (a b)"), Kind::subtree_one);
  EXPECT_TRUE(good(parse_multi_search, "ALL").sources.empty());
  EXPECT_TRUE(good(parse_multi_search, "RETURN (COUNT) CHARSET UTF-8 TEXT x").search.returned->count);
  EXPECT_EQ(refusal(parse_multi_search, "IN (selected-delayed) ALL"),
            "expected a set of mailboxes at octet 5");
  EXPECT_EQ(refusal(parse_multi_search, "IN () ALL"), "expected a set of mailboxes at octet 5");
  EXPECT_EQ(refusal(parse_multi_search, "IN (mailboxes) ALL"), "expected a space at octet 14");
  EXPECT_EQ(refusal(parse_multi_search, "IN (personal)"), "expected a space at octet 14");
}

}  // namespace
}  // namespace postern::imap
