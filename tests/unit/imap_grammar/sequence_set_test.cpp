// Sequence sets: RFC 3501 §9 "sequence-set", hostile numbers, and what they mean in a mailbox.
#include "protocols/imap/grammar/sequence_set.h"

#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

SequenceSet set_from(std::string_view octets) {
  Cursor in(octets);
  SequenceSet set = in.sequence_set();
  EXPECT_TRUE(in.ok() && in.at_end()) << octets.substr(0, 80);
  return set;
}

std::string error_of(std::string_view octets) {
  Cursor in(octets);
  in.sequence_set();
  return in.ok() ? "accepted" : in.error().detail;
}

std::string numbers(std::string_view octets, std::uint32_t exists) {
  const auto ranges = resolve_numbers(set_from(octets), exists);
  if (!ranges) return "refused";
  std::string out;
  for (const NumberRange& range : *ranges) {
    out += (out.empty() ? "" : ",") + std::to_string(range.first) + ':' + std::to_string(range.last);
  }
  return out;
}

std::string uids(std::string_view octets, std::uint32_t largest) {
  return resolve_uids(set_from(octets), Uid(largest)).to_text();
}

TEST(SequenceSet, AsWritten) {
  EXPECT_EQ(set_from("1"), set_of({{1, 1}}));
  EXPECT_EQ(set_from("*"), set_of({{0, 0}}));
  EXPECT_EQ(set_from("4:2,*:1,7"), set_of({{4, 2}, {0, 1}, {7, 7}}));
  EXPECT_EQ(set_from("4294967295:*"), set_of({{4294967295, 0}}));
}

TEST(SequenceSet, Refused) {
  EXPECT_EQ(error_of("0"), "expected a number above zero at octet 1");
  EXPECT_EQ(error_of("0:1"), "expected a number above zero at octet 1");
  EXPECT_EQ(error_of("1:0"), "expected a number above zero at octet 3");
  EXPECT_EQ(error_of("4294967296"), "expected a number up to 4294967295 at octet 1");
  EXPECT_EQ(error_of("100000000000000000000"), "expected a number up to 4294967295 at octet 1");
  EXPECT_EQ(error_of("-1"), "expected a number at octet 1");
  EXPECT_EQ(error_of("1,"), "expected a number at octet 3");
  EXPECT_EQ(error_of(",1"), "expected a number at octet 1");
  EXPECT_EQ(error_of("1:"), "expected a number at octet 3");
  EXPECT_EQ(error_of(""), "expected a number at octet 1");
}

TEST(SequenceSet, RangesAreBounded) {
  EXPECT_EQ(set_from("1" + repeat(",3", 19'999)).ranges.size(), 20'000u);
  EXPECT_EQ(error_of("1" + repeat(",3", 20'000)), "expected at most 20000 ranges at octet 40001");
}

TEST(SequenceSet, Numbers) {
  EXPECT_EQ(numbers("2:4", 5), "2:4");
  EXPECT_EQ(numbers("4:2,1", 5), "1:4");
  EXPECT_EQ(numbers("*", 5), "5:5");
  EXPECT_EQ(numbers("*:1", 5), "1:5");
  EXPECT_EQ(numbers("5,1,3,2", 5), "1:3,5:5");
  EXPECT_EQ(numbers("6", 5), "refused");
  EXPECT_EQ(numbers("1:6", 5), "refused");
  EXPECT_EQ(numbers("1:4294967295", 5), "refused");
  EXPECT_EQ(numbers("4294967295:*", 5), "refused");
  EXPECT_EQ(numbers("1:*" + repeat(",1:*", 9'999), 5), "1:5");
}

TEST(SequenceSet, NumbersOfAnEmptyMailbox) {
  EXPECT_EQ(numbers("1:*", 0), "");
  EXPECT_EQ(numbers("*", 0), "");
  EXPECT_EQ(numbers("1", 0), "refused");
  EXPECT_EQ(numbers("2:*", 0), "refused");
}

TEST(SequenceSet, Uids) {
  EXPECT_EQ(uids("1:4294967295", 9), "1:4294967295");
  EXPECT_EQ(uids("12:*", 9), "9:12");
  EXPECT_EQ(uids("*:1", 9), "1:9");
  EXPECT_EQ(uids("4294967295:*", 9), "9:4294967295");
  EXPECT_EQ(uids("3,1,2,7", 9), "1:3,7");
  EXPECT_EQ(uids("4294967295,4294967294", 9), "4294967294:4294967295");
  EXPECT_EQ(uids("1:*", 0), "");
}

TEST(SequenceSet, ManyRangesInDescendingOrder) {
  std::string text;
  for (int i = 20'000; i > 0; --i) text += (text.empty() ? "" : ",") + std::to_string(2 * i);
  EXPECT_EQ(resolve_uids(set_from(text), Uid(50'000)).size(), 20'000u);
}

TEST(SequenceSet, Text) {
  EXPECT_EQ(to_sequence_text({}), "");
  EXPECT_EQ(to_sequence_text({7}), "7");
  EXPECT_EQ(to_sequence_text({1, 2, 3, 7, 9, 10}), "1:3,7,9:10");
}

}  // namespace
}  // namespace postern::imap
