// A device's requests: a burst, then what time gives back.
#include "protocols/activesync/device_budget.h"

#include <gtest/gtest.h>

namespace postern::activesync {
namespace {

constexpr SteadyTime kBegin{std::chrono::hours(1)};

TEST(DeviceBudget, ABurstThenWhatComesBack) {
  DeviceBudget budget(6);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(budget.take("a", kBegin)) << i;
  EXPECT_FALSE(budget.take("a", kBegin));
  EXPECT_TRUE(budget.take("b", kBegin)) << "another's is its own";
  EXPECT_FALSE(budget.take("a", kBegin + std::chrono::seconds(9)));
  EXPECT_TRUE(budget.take("a", kBegin + std::chrono::seconds(11)));
  EXPECT_FALSE(budget.take("a", kBegin + std::chrono::seconds(11)));
  const SteadyTime later = kBegin + std::chrono::hours(1);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(budget.take("a", later)) << "no more than a minute's is saved up";
  EXPECT_FALSE(budget.take("a", later));
}

TEST(DeviceBudget, WhatIsRefusedCostsNothing) {
  DeviceBudget budget(1);
  EXPECT_TRUE(budget.take("a", kBegin));
  for (int i = 0; i < 1000; ++i) budget.take("a", kBegin + std::chrono::seconds(1));
  EXPECT_TRUE(budget.take("a", kBegin + std::chrono::seconds(61)));
}

TEST(DeviceBudget, RemembersOnlyWhoHasAsked) {
  DeviceBudget budget(10);
  for (int i = 0; i < 100'000; ++i) {
    EXPECT_TRUE(budget.take("device" + std::to_string(i), kBegin + std::chrono::seconds(i)));
  }
  EXPECT_LE(budget.devices(), 2048U);
  EXPECT_TRUE(DeviceBudget(0).take("a", kBegin));
}

}  // namespace
}  // namespace postern::activesync
