// A device's policy out of the settings, and its version.
#include "protocols/activesync/policy.h"

#include <gtest/gtest.h>

namespace postern::activesync {
namespace {

TEST(DevicePolicyDocument, AsksForNothingUnlessToldTo) {
  const Policy policy = policy_document(PolicySettings());
  EXPECT_EQ(policy.device_password_enabled, 0U);
  EXPECT_FALSE(policy.min_device_password_length) << "nothing about a password that is not asked for";
  EXPECT_EQ(policy.require_device_encryption, 0U);
  EXPECT_EQ(policy.allow_camera, 1U);
  EXPECT_FALSE(policy.max_attachment_size_octets);
}

TEST(DevicePolicyDocument, SaysWhatThePasswordMustBeLike) {
  PolicySettings settings;
  settings.password_required = true;
  settings.password_failures_max = 2;
  settings.lock_after_s = 300;
  const Policy policy = policy_document(settings);
  EXPECT_EQ(policy.device_password_enabled, 1U);
  EXPECT_EQ(policy.min_device_password_length, 4U);
  EXPECT_EQ(policy.max_device_password_failed_attempts, 4U) << "the least that the protocol knows";
  EXPECT_EQ(policy.max_inactivity_time_device_lock_s, 300U);
  EXPECT_FALSE(policy.device_password_expiration_days) << "never";
}

TEST(DevicePolicyVersion, ChangesWithEveryValue) {
  const PolicySettings settings;
  EXPECT_EQ(policy_version(settings), policy_version(PolicySettings()));
  PolicySettings other = settings;
  other.mail_age_filter_max = 1;
  EXPECT_NE(policy_version(settings), policy_version(other));
  other = settings;
  other.wifi_allowed = false;
  EXPECT_NE(policy_version(settings), policy_version(other));
}

}  // namespace
}  // namespace postern::activesync
