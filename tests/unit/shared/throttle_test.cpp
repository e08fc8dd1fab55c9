// Throttle: counts by network, delays that grow, users behind one address kept apart.
#include "protocols/shared/throttle.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

using namespace std::chrono_literals;

class SetClock final : public Clock {
 public:
  SteadyTime steady_now() const override { return now_; }
  void advance(std::chrono::seconds span) { now_ += span; }

 private:
  SteadyTime now_ = SteadyTime() + 1h;
};

TEST(Throttle, TenFailuresAMinuteThenARest) {
  LoginSettings settings;
  SetClock clock;
  Throttle throttle(settings, clock);
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(throttle.allows("192.0.2.7", "joe"));
    throttle.failed("192.0.2.7", "joe");
  }
  EXPECT_FALSE(throttle.allows("192.0.2.7", "joe"));
  EXPECT_FALSE(throttle.allows("192.0.2.7", "ann")) << "the network counts, not the name";
  EXPECT_TRUE(throttle.allows("192.0.2.8", "joe"));
  clock.advance(61s);
  EXPECT_TRUE(throttle.allows("192.0.2.7", "joe"));
}

TEST(Throttle, WhatFailsElsewhereCountsButNobodyWaitsLongerForIt) {
  LoginSettings settings;
  SetClock clock;
  Throttle throttle(settings, clock);
  for (int i = 0; i < 9; ++i) throttle.failed_elsewhere("192.0.2.7", "joe");
  EXPECT_TRUE(throttle.allows("192.0.2.7", "joe"));
  EXPECT_EQ(throttle.failed("192.0.2.7", "joe"), 2s) << "the first of this process";
  EXPECT_FALSE(throttle.allows("192.0.2.7", "joe"));
}

TEST(Throttle, FiftyADayAndWiderNetworks) {
  LoginSettings settings;
  SetClock clock;
  Throttle throttle(settings, clock);
  for (int i = 0; i < 50; ++i) {
    throttle.failed("192.0.2.7", "joe");
    clock.advance(61s);
  }
  EXPECT_FALSE(throttle.allows("192.0.2.7", "joe"));
  clock.advance(86400s);
  for (int host = 1; host <= 30; ++host) throttle.failed("198.51.100." + std::to_string(host), "joe");
  EXPECT_FALSE(throttle.allows("198.51.100.200", "joe")) << "30 failures a minute in one /24";
  EXPECT_TRUE(throttle.allows("198.51.101.1", "joe"));
}

TEST(Throttle, Ipv6CountsBySlash64) {
  LoginSettings settings;
  SetClock clock;
  Throttle throttle(settings, clock);
  for (int i = 0; i < 10; ++i) throttle.failed("2001:db8::" + std::to_string(i), "joe");
  EXPECT_FALSE(throttle.allows("2001:db8::ffff", "joe"));
  EXPECT_TRUE(throttle.allows("2001:db8:0:1::1", "joe"));
}

TEST(Throttle, SharedPeersCountPerUser) {
  LoginSettings settings;
  SetClock clock;
  Throttle throttle(settings, clock);
  for (int i = 0; i < 10; ++i) throttle.failed("127.0.0.1", "joe");
  EXPECT_FALSE(throttle.allows("127.0.0.1", "JOE"));
  EXPECT_TRUE(throttle.allows("127.0.0.1", "ann"));
}

TEST(Throttle, AUserWhoWasHereBeforeIsNotLockedOut) {
  LoginSettings settings;
  SetClock clock;
  Throttle throttle(settings, clock);
  throttle.succeeded("192.0.2.7", "joe");
  for (int i = 0; i < 60; ++i) throttle.failed("192.0.2.7", "ann");
  EXPECT_TRUE(throttle.allows("192.0.2.7", "joe"));
  EXPECT_FALSE(throttle.allows("192.0.2.7", "ann"));
}

TEST(Throttle, DelaysDoubleToFifteenSeconds) {
  LoginSettings settings;
  SetClock clock;
  Throttle throttle(settings, clock);
  std::vector<Milliseconds> delays;
  for (int i = 0; i < 5; ++i) delays.push_back(throttle.failed("192.0.2.7", "joe"));
  EXPECT_EQ(delays, (std::vector<Milliseconds>{2s, 4s, 8s, 15s, 15s}));
  throttle.succeeded("192.0.2.7", "joe");
  EXPECT_EQ(throttle.failed("192.0.2.7", "joe"), 2s);
}

}  // namespace
}  // namespace postern
