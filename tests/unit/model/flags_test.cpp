// Flags: system bits, keywords as a sorted set without case, what a keyword may look like.
#include "storage/model/flags.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(Flags, SystemNamesAreBitsWithoutCase) {
  EXPECT_EQ(system_flag_bit("\\Seen"), static_cast<std::uint8_t>(SystemFlag::seen));
  EXPECT_EQ(system_flag_bit("\\dELETED"), static_cast<std::uint8_t>(SystemFlag::deleted));
  EXPECT_EQ(system_flag_bit("Seen"), 0);
  EXPECT_EQ(system_flag_bit("\\Recent"), 0);
  std::uint8_t bits = 0;
  for (std::string_view flag : system_flag_names(0xFF))
    bits = static_cast<std::uint8_t>(bits | system_flag_bit(flag));
  EXPECT_EQ(bits, 31);
  EXPECT_TRUE(system_flag_names(0).empty());
}

TEST(Flags, KeywordsAreASortedSetThatKeepsTheFirstSpelling) {
  Flags flags;
  for (const char* keyword : {"Work", "$Junk", "alpha", "WORK", "work"}) flags.add_keyword(keyword);
  const std::vector<std::string> expected{"$Junk", "alpha", "Work"};
  EXPECT_EQ(flags.keywords, expected);
  EXPECT_TRUE(flags.has_keyword("wOrK"));
  EXPECT_FALSE(flags.has_keyword("wor"));
}

TEST(Flags, SettingABitKeepsTheOthers) {
  Flags flags;
  flags.set(SystemFlag::seen).set(SystemFlag::draft);
  EXPECT_TRUE(flags.has(SystemFlag::seen));
  EXPECT_TRUE(flags.has(SystemFlag::draft));
  EXPECT_FALSE(flags.has(SystemFlag::deleted));
}

// flag-keyword = atom    RFC 9051 §9
TEST(CheckKeyword, TakesAtomsUpToTheBound) {
  EXPECT_TRUE(check_keyword("$Forwarded"));
  EXPECT_TRUE(check_keyword("a-b.c'd"));
  EXPECT_TRUE(check_keyword(std::string(kKeywordOctetsMax, 'k')));
  EXPECT_EQ(check_keyword(std::string(kKeywordOctetsMax + 1, 'k')).error().kind, ErrorKind::too_large);
  for (const char* bad :
       {"", "a b", "a(b", "a)b", "a{b", "a%b", "a*b", "a\"b", "a\\b", "a]b", "a\tb", "a\x7F", "\xC3\xBC"}) {
    const auto checked = check_keyword(bad);
    ASSERT_FALSE(checked) << bad;
    EXPECT_EQ(checked.error().kind, ErrorKind::invalid) << bad;
  }
  EXPECT_FALSE(check_keyword(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace postern
