#include "storage/postgres/page_codec.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"

namespace postern::postgres {
namespace {

MessageState state(std::uint32_t uid, std::uint64_t modseq, std::uint32_t flags) {
  return MessageState{ModSeq(modseq), Uid(uid), flags};
}

TEST(PageCodec, AnEntryIsTheOctetsThatSqlAppends) {
  KeywordTable keywords;
  const std::uint32_t set = keywords.intern({2, 199});
  const auto octets = encode_page({state(0x01020304, 0x1122334455667788, 5 | set << 8)}, keywords);
  EXPECT_EQ(text::hex(octets), "010203041122334455667788050202c7");
  EXPECT_EQ(octets.substr(12), encode_flags(5, {2, 199}));
}

TEST(PageCodec, WhatIsEncodedIsDecoded) {
  KeywordTable keywords;
  std::vector<MessageState> states;
  for (std::uint32_t uid = 1; uid < 128; ++uid) {
    const std::uint32_t set = uid % 3 == 0 ? keywords.intern({static_cast<KeywordTable::Number>(uid)}) : 0;
    states.push_back(state(uid, uid * 7, uid % 32 | set << 8));
  }
  states.push_back(state(UINT32_MAX, INT64_MAX, 31));
  const auto decoded = decode_page(encode_page(states, keywords), keywords);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, states);
}

TEST(PageCodec, AnotherTableGivesTheSameNumbers) {
  KeywordTable writer, reader;
  writer.intern({1});
  reader.intern({9});
  const auto octets = encode_page({state(1, 1, writer.intern({3, 4}) << 8)}, writer);
  const auto decoded = decode_page(octets, reader);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(reader.set(decoded->at(0).keyword_set()), (std::vector<KeywordTable::Number>{3, 4}));
}

TEST(PageCodec, NothingIsAnEmptyPage) {
  KeywordTable keywords;
  const auto decoded = decode_page("", keywords);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->empty());
}

class DamagedPage : public testing::TestWithParam<const char*> {};

TEST_P(DamagedPage, IsRefused) {
  KeywordTable keywords;
  const auto decoded = decode_page(*text::unhex(GetParam()), keywords);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, ErrorKind::internal);
}

INSTANTIATE_TEST_SUITE_P(Pages, DamagedPage,
                         testing::Values("00",                                // no entry
                                         "00000001000000000000000100",        // no count
                                         "0000000100000000000000010001",      // no keyword
                                         "00000001000000000000000100020301",  // not ascending
                                         "00000001000000000000000100020303",  // twice
                                         "0000000100000000000000010001c8",    // number 200
                                         "0000000200000000000000010000"
                                         "0000000200000000000000010000"));  // UID twice

}  // namespace
}  // namespace postern::postgres
