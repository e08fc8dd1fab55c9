// The words by which people are found: what a name has, and what was typed.
#include "storage/name_words.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

using Words = std::vector<std::string>;

struct Case {
  std::string text;
  Words of_name;
  Words sought;
};

class NameWords : public testing::TestWithParam<Case> {};

TEST_P(NameWords, AreFoldedAndPlain) {
  EXPECT_EQ(name_words(GetParam().text), GetParam().of_name);
  EXPECT_EQ(sought_words(GetParam().text), GetParam().sought);
}

INSTANTIATE_TEST_SUITE_P(
    Table, NameWords,
    testing::Values(Case{"", {}, {}}, Case{" \t.,\"", {}, {}},
                    Case{"Joe Bloggs", {"joe", "bloggs"}, {"joe", "bloggs"}},
                    Case{"\"Bloggs, Joe\"", {"bloggs", "joe"}, {"bloggs", "joe"}},
                    Case{"Zoë MÜLLER-Lüdenscheidt",
                         {"zoe", "muller-ludenscheidt", "ludenscheidt"},
                         {"zoe", "muller-ludenscheidt"}},
                    Case{"O'Brien", {"o'brien", "brien"}, {"o'brien"}},
                    Case{"Straße", {"strasse"}, {"strasse"}},
                    Case{"\xEF\xBC\xAA\xEF\xBD\x8F\xEF\xBD\x85", {"joe"}, {"joe"}},  // full-width letters
                    Case{"\xCE\x91\xCE\xBB\xCE\xAD\xCE\xBE\xCE\xB7\xCF\x82",  // Αλέξης, final sigma
                         {"\xCE\xB1\xCE\xBB\xCE\xB5\xCE\xBE\xCE\xB7\xCF\x83"},
                         {"\xCE\xB1\xCE\xBB\xCE\xB5\xCE\xBE\xCE\xB7\xCF\x83"}},
                    Case{"joe.bloggs@example.test",
                         {"joe.bloggs@example.test", "bloggs@example.test", "example.test", "test"},
                         {"joe.bloggs@example.test"}},
                    Case{std::string("a\0b\x7F"
                                     "c",
                                     5),
                         {"a", "b", "c"},
                         {"a", "b", "c"}},
                    Case{"\xFF", {"\xEF\xBF\xBD"}, {"\xEF\xBF\xBD"}}));

TEST(SoughtWords, AreBounded) {
  std::string many;
  for (std::size_t i = 0; i <= kSoughtWordsMax; ++i) many += "w" + std::to_string(i) + " ";
  EXPECT_EQ(sought_words(many).size(), kSoughtWordsMax);
  EXPECT_EQ(name_words(many).size(), kSoughtWordsMax + 1);
  ASSERT_EQ(sought_words(std::string(1000, 'x')).size(), 1u);
  EXPECT_EQ(sought_words(std::string(1000, 'x'))[0].size(), kFoldedNameOctetsMax);
}

}  // namespace
}  // namespace postern
