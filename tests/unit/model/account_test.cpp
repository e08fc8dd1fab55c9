// Addresses and feature names as values.
#include "storage/model/account.h"

#include <gtest/gtest.h>

#include <random>

namespace postern {
namespace {

struct AddressCase {
  std::string input;
  std::string text;  // empty: invalid
};

class ParseAddress : public testing::TestWithParam<AddressCase> {};

TEST_P(ParseAddress, NormalFormOrInvalid) {
  const auto address = parse_address(GetParam().input);
  if (GetParam().text.empty()) {
    ASSERT_FALSE(address);
    EXPECT_EQ(address.error().kind, ErrorKind::invalid);
  } else {
    ASSERT_TRUE(address) << address.error().detail;
    EXPECT_EQ(address->text(), GetParam().text);
  }
}

const std::string kLocal64(64, 'a');
const std::string kDomain189 = std::string(63, 'b') + "." + std::string(63, 'c') + "." + std::string(61, 'd');

INSTANTIATE_TEST_SUITE_P(
    Forms, ParseAddress,
    testing::Values(AddressCase{"alice@example.test", "alice@example.test"},
                    AddressCase{"Alice@EXAMPLE.Test", "alice@example.test"},
                    AddressCase{"o'brien+tag@example.test", "o'brien+tag@example.test"},
                    AddressCase{"jürgen@bücher.example", "jürgen@xn--bcher-kva.example"},
                    AddressCase{"\"a@b\"@example.test", "\"a@b\"@example.test"},
                    AddressCase{"o\xCA\xBC"
                                "brien@example.test",
                                "o\xCA\xBC"
                                "brien@example.test"},
                    AddressCase{kLocal64 + "@" + kDomain189, kLocal64 + "@" + kDomain189},
                    AddressCase{"", ""}, AddressCase{"@", ""}, AddressCase{"alice", ""},
                    AddressCase{"alice@", ""}, AddressCase{"@example.test", ""},
                    AddressCase{"a b@example.test", ""}, AddressCase{"a\tb@example.test", ""},
                    AddressCase{"a\r\nb@example.test", ""},
                    AddressCase{std::string("a\0b@example.test", 16), ""},
                    AddressCase{"a@ex\x7F"
                                "ample.test",
                                ""},
                    AddressCase{"a\xFF@example.test", ""}, AddressCase{"a\xC0\xA7@example.test", ""},
                    AddressCase{"a@exam'ple.test", ""}, AddressCase{"a@[192.0.2.1]", ""},
                    AddressCase{"a@a,b", ""}, AddressCase{kLocal64 + "a@example.test", ""},
                    AddressCase{kLocal64 + "@" + kDomain189 + "e", ""}));

TEST(Address, DetailIsWhatFollowsTheFirstSeparator) {
  const auto address = parse_address("alice+news+more@example.test");
  ASSERT_TRUE(address);
  const auto shorter = address->without_detail('+');
  ASSERT_TRUE(shorter);
  EXPECT_EQ(shorter->text(), "alice@example.test");
  EXPECT_FALSE(shorter->without_detail('+'));
  EXPECT_FALSE(address->without_detail('-'));
  EXPECT_FALSE(parse_address("+news@example.test")->without_detail('+'));
}

// Whatever the octets: no crash, and what is accepted is its own normal form.
TEST(Address, ParsingIsIdempotentOnRandomOctets) {
  std::mt19937 random(20240717);
  const std::string alphabet("aZ@.'\"\\+-%_ \t\0\x7F\xC3\xBC\xCA\xBC\xFF", 20);
  std::size_t accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string input;
    for (std::size_t n = random() % 8; n > 0; --n) input += alphabet[random() % alphabet.size()];
    if (i % 2 == 0) input += "@a.test";
    const auto once = parse_address(input);
    if (!once) continue;
    ++accepted;
    const auto twice = parse_address(once->text());
    ASSERT_TRUE(twice) << once->text();
    EXPECT_EQ(twice->text(), once->text());
  }
  EXPECT_GT(accepted, 100u);
}

TEST(Feature, NamesReadBack) {
  for (Feature feature : kFeatures) EXPECT_EQ(feature_from(name_of(feature)), feature);
  EXPECT_EQ(feature_from("mobile-sync"), std::nullopt);
  EXPECT_EQ(feature_from(""), std::nullopt);
}

}  // namespace
}  // namespace postern
