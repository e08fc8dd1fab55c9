#include "storage/search_slice.h"

#include <gtest/gtest.h>

#include <random>

namespace postern {
namespace {

constexpr std::uint32_t kPage = 3;

Uid uid(std::uint32_t place) {
  return Uid((kPage << 7) + place);
}

std::vector<std::pair<Uid, std::string>> records_of(const IndexSlice& slice) {
  SliceReader reader;
  EXPECT_TRUE(reader.open(slice));
  std::vector<std::pair<Uid, std::string>> records;
  while (reader.next()) records.emplace_back(reader.uid(), std::string(reader.record()));
  EXPECT_EQ(records.size(), slice.uids.count());
  return records;
}

TEST(SearchSlice, GivesBackWhatWasPutIn) {
  SliceWriter writer(SliceKind::subject, kPage);
  const std::vector<std::pair<Uid, std::string>> put = {
      {uid(0), "one\xff"}, {uid(5), ""}, {uid(6), std::string(300, 'x') + "\xff"}, {uid(127), "last\xff"}};
  for (const auto& [number, record] : put) writer.add(number, record);
  const std::vector<IndexSlice> slices = writer.take();
  ASSERT_EQ(slices.size(), 1u);
  EXPECT_EQ(slices[0].kind, SliceKind::subject);
  EXPECT_EQ(slices[0].page, kPage);
  EXPECT_TRUE(slices[0].grams.empty());
  EXPECT_EQ(records_of(slices[0]), put);
  EXPECT_LT(slices[0].packed.size(), 150u);
  EXPECT_TRUE(writer.take().empty());
}

TEST(SearchSlice, ClosesAtItsBound) {
  SliceWriter writer(SliceKind::body, kPage);
  for (std::uint32_t place = 0; place < 5; ++place)
    writer.add(uid(place), std::string(kSliceOctets / 2, 'x'));
  writer.add(uid(9), std::string(kRecordOctetsMax, 'y'));
  const std::vector<IndexSlice> slices = writer.take();
  ASSERT_EQ(slices.size(), 3u);
  for (std::size_t i = 0; i < slices.size(); ++i) {
    EXPECT_EQ(slices[i].number, i);
    EXPECT_EQ(slices[i].uids.count(), 2u);
    EXPECT_FALSE(slices[i].grams.empty());
  }
  EXPECT_EQ(records_of(slices[2])[1].second.size(), kRecordOctetsMax);
}

TEST(SearchSlice, UidsKeepTheirBits) {
  PageUids uids;
  uids.set(0).set(9).set(127);
  const std::string octets = encode_uids(uids);
  EXPECT_EQ(octets, std::string("\x01\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x80", 16));  // as SQL's get_bit counts
  EXPECT_EQ(*decode_uids(octets), uids);
  EXPECT_FALSE(decode_uids(octets.substr(1)));
}

TEST(SearchSlice, DamageIsRefused) {
  SliceWriter writer(SliceKind::from, kPage);
  writer.add(uid(1), std::string(500, 'x'));
  const IndexSlice whole = std::move(writer.take()[0]);
  SliceReader reader;
  for (std::size_t size = 0; size < whole.packed.size(); ++size) {
    IndexSlice cut = whole;
    cut.packed.resize(size);
    const auto opened = reader.open(cut);
    EXPECT_FALSE(opened && reader.next()) << size;
  }
  IndexSlice strange = whole;
  strange.packed[0] = 2;
  EXPECT_FALSE(reader.open(strange));
  IndexSlice more = whole;
  more.uids.set(2);
  ASSERT_TRUE(reader.open(more));
  EXPECT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
}

TEST(SearchSlice, FactsAreExactAtTheirEnds) {
  using std::chrono::days;
  using std::chrono::sys_days;
  for (const int day : {-1'000'000, -1, 0, 1, 20'000, 2'000'000}) {
    IndexedFacts facts;
    facts.size = day < 0 ? UINT64_MAX : 0;
    facts.internal_day = sys_days(days(day));
    EXPECT_EQ(*decode_facts(encode_facts(facts)), facts);
    facts.sent_day = sys_days(days(-day));
    EXPECT_EQ(*decode_facts(encode_facts(facts)), facts);
  }
  EXPECT_FALSE(decode_facts(""));
}

TEST(SearchGrams, HaveWhatTheTextHas) {
  std::mt19937 random(1);
  for (const std::size_t size : {0, 3, 4, 100, 5000, 60'000, 300'000}) {
    std::string text(size, '\0');
    for (char& octet : text) octet = static_cast<char>(random() % 256);
    const std::string grams = grams_of(text);
    for (int i = 0; i < 200 && size > 0; ++i) {
      const std::size_t begin = random() % size;
      EXPECT_TRUE(may_contain(grams, std::string_view(text).substr(begin, random() % 20)));
    }
  }
}

TEST(SearchGrams, TellMostOfWhatIsNotThere) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "number " + std::to_string(i * 7919) + " ";
  const std::string grams = grams_of(text);
  int possible = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string absent = "word" + std::to_string(i * 104729) + "x";
    if (may_contain(grams, absent)) ++possible;
  }
  EXPECT_LT(possible, 50);
  EXPECT_TRUE(may_contain(grams, "abc"));  // too short to say
  EXPECT_TRUE(may_contain("", "anything at all"));
}

TEST(SearchSlice, ContainsAsSubstrings) {
  EXPECT_TRUE(contains("haystack", "stack"));
  EXPECT_TRUE(contains("", ""));
  EXPECT_FALSE(contains("stack", "haystack"));
  EXPECT_FALSE(contains("", "x"));
}

}  // namespace
}  // namespace postern
