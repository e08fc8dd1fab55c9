#include "storage/postgres/recipient_cache.h"

#include <gtest/gtest.h>

namespace postern::postgres {
namespace {

class RecipientCacheTest : public testing::Test {
 protected:
  ChangeBus changes_;
  RecipientCache cache_{changes_};
};

TEST_F(RecipientCacheTest, KnowsWhatItWasTold) {
  EXPECT_EQ(cache_.find("alice@example.test"), std::nullopt);
  cache_.put("alice@example.test", AccountId(1), cache_.bells_heard());
  EXPECT_EQ(cache_.find("alice@example.test"), AccountId(1));
  EXPECT_EQ(cache_.find("bob@example.test"), std::nullopt);
}

TEST_F(RecipientCacheTest, ABellDropsItsAccountOnly) {
  cache_.put("alice@example.test", AccountId(1), cache_.bells_heard());
  cache_.put("bob@example.test", AccountId(2), cache_.bells_heard());
  changes_.ring_account(AccountId(1));
  EXPECT_EQ(cache_.find("alice@example.test"), std::nullopt);
  EXPECT_EQ(cache_.find("bob@example.test"), AccountId(2));
  cache_.put("alice@example.test", AccountId(3), cache_.bells_heard());
  EXPECT_EQ(cache_.find("alice@example.test"), AccountId(3));
}

TEST_F(RecipientCacheTest, WhatWasReadBeforeABellIsNotKept) {
  const std::uint64_t before = cache_.bells_heard();
  changes_.ring_account(AccountId(1));
  cache_.put("alice@example.test", AccountId(1), before);
  EXPECT_EQ(cache_.find("alice@example.test"), std::nullopt);
}

TEST_F(RecipientCacheTest, MemoryIsBounded) {
  constexpr std::int64_t kMore = RecipientCache::kOctetsMax / 100;
  const auto address = [](std::int64_t n) { return "user" + std::to_string(n) + "@example.test"; };
  for (std::int64_t n = 1; n <= kMore; ++n) cache_.put(address(n), AccountId(n), cache_.bells_heard());
  EXPECT_EQ(cache_.find(address(1)), std::nullopt);
  EXPECT_EQ(cache_.find(address(kMore)), AccountId(kMore));
  changes_.ring_account(AccountId(kMore));
  EXPECT_EQ(cache_.find(address(kMore)), std::nullopt);
}

}  // namespace
}  // namespace postern::postgres
