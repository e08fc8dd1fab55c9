// SORT and THREAD (RFC 5256 §5, with its examples).
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

TEST(SortGrammar, Values) {
  const Sort sort = good(parse_sort, "(SUBJECT REVERSE DATE) US-ASCII TEXT \"not in mailbox\"");
  EXPECT_EQ(sort.keys, (std::vector{SortKey{SortKind::subject, false}, SortKey{SortKind::date, true}}));
  EXPECT_EQ(sort.search.program.root.kind, SearchKind::text);
  EXPECT_FALSE(sort.search.uid);
  EXPECT_TRUE(good(parse_uid_sort, "(SUBJECT) UTF-8 SINCE 1-Feb-1994").search.uid);
  EXPECT_EQ(good(parse_uid_sort, "RETURN (COUNT) (REVERSE DATE) UTF-8 ALL").search.returned,
            (Search::Return{.count = true}));
  EXPECT_TRUE(good(parse_sort, "(DISPLAYFROM REVERSE DISPLAYTO) FOO ALL").search.charset_refused);
}

TEST(SortGrammar, Refused) {
  EXPECT_EQ(refusal(parse_sort, "() UTF-8 ALL"), "expected a sort key at octet 2");
  EXPECT_EQ(refusal(parse_sort, "(FOO) UTF-8 ALL"), "expected a sort key at octet 2");
  EXPECT_EQ(refusal(parse_sort, "(REVERSE) UTF-8 ALL"), "expected a space at octet 9");
  EXPECT_EQ(refusal(parse_sort, "(DATE) UTF-8"), "expected a space at octet 13");
  EXPECT_EQ(refusal(parse_sort, "(DATE)"), "expected a space at octet 7");
  EXPECT_EQ(refusal(parse_sort, "(" + repeat("DATE ", 20) + "DATE) UTF-8 ALL"),
            "expected at most 20 sort keys at octet 1");
}

TEST(ThreadGrammar, Values) {
  EXPECT_EQ(good(parse_thread, "ORDEREDSUBJECT UTF-8 SINCE 5-MAR-2000").algorithm,
            ThreadAlgorithm::ordered_subject);
  const Thread thread = good(parse_uid_thread, "REFERENCES US-ASCII TEXT \"gewp\"");
  EXPECT_EQ(thread.algorithm, ThreadAlgorithm::references);
  EXPECT_TRUE(thread.search.uid);
  EXPECT_EQ(refusal(parse_thread, "REFS UTF-8 ALL"), "expected ORDEREDSUBJECT or REFERENCES at octet 1");
  EXPECT_EQ(refusal(parse_thread, "REFERENCES UTF-8"), "expected a space at octet 17");
}

}  // namespace
}  // namespace postern::imap
