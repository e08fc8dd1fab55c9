// The simple types of MS-ASDTYPE.
#include "protocols/activesync/schema/values.h"

#include <gtest/gtest.h>

#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

Document key(std::string_view text) {
  return request("<AirSync:SyncKey>" + std::string(text) + "</AirSync:SyncKey>");
}

TEST(Values, Numbers) {
  EXPECT_EQ(number_of(key("0").root()), 0U);
  EXPECT_EQ(number_of(key(" 512 ").root(), 512), 512U);
  EXPECT_EQ(number_of(key("4294967295").root()), UINT32_MAX);
  for (const char* text : {"", "-1", "+1", "1.5", "0x1", "4294967296", "x"}) {
    EXPECT_EQ(number_of(key(text).root()), std::nullopt) << text;
  }
  EXPECT_EQ(number_of(key("513").root(), 512), std::nullopt);
}

TEST(Values, Booleans) {
  EXPECT_EQ(boolean_of(key("1").root(), false), true);
  EXPECT_EQ(boolean_of(key("0").root(), true), false);
  EXPECT_EQ(boolean_of(key("TRUE").root(), false), true);
  EXPECT_EQ(boolean_of(key("false").root(), true), false);
  EXPECT_EQ(boolean_of(key("").root(), true), true);
  EXPECT_EQ(boolean_of(key("").root(), false), false);
  EXPECT_EQ(boolean_of(key("2").root(), true), std::nullopt);
}

TEST(Values, TextsAreBounded) {
  EXPECT_EQ(text_of(key("abcd").root(), 4), "abcd");
  EXPECT_EQ(text_of(key("abcde").root(), 4), std::nullopt);
  EXPECT_EQ(text_of(key("").root(), 4), std::nullopt);
}

TEST(Values, Ranges) {
  EXPECT_EQ(range_of(key("0-99").root()), (Range{0, 99}));
  EXPECT_EQ(range_of(key("7-7").root()), (Range{7, 7}));
  EXPECT_EQ(to_text({3, 14}), "3-14");
  for (const char* text : {"", "5", "-5", "5-", "9-3", "0-4294967296", "a-b"}) {
    EXPECT_EQ(range_of(key(text).root()), std::nullopt) << text;
  }
}

TEST(Values, DatesThereAndBack) {
  for (const char* text :
       {"2026-11-23T08:09:10.123Z", "1999-12-31T23:59:59.000Z", "2024-02-29T00:00:00.000Z"}) {
    const auto time = parse_date_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_date_time(*time), text);
  }
  const auto compact = parse_date_time("20261123T080910Z");
  ASSERT_TRUE(compact);
  EXPECT_EQ(compact, parse_date_time("2026-11-23T08:09:10Z"));
  EXPECT_EQ(format_compact_date_time(*compact), "20261123T080910Z");
}

TEST(Values, WhatIsNoDate) {
  for (const char* text :
       {"", "2026", "2026-11-23", "2026-11-23T08:09:10", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-11-23T24:00:00Z", "2026-11-23T08:60:00Z", "2026-11-23 08:09:10Z", "2026-11-23T08:09:10.12Z",
        "2026-11-23T08:09:10Zx", "20261123T0809Z", "20261123T080910", "2026-1123T080910Z",
        "x026-11-23T08:09:10Z", "2026-11-23T08:09:-1Z"}) {
    EXPECT_EQ(parse_date_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace postern::activesync
