// Policy values by name: those of the settings, with their bounds; and addresses of other servers.
#include "config/policy_values.h"

#include <gtest/gtest.h>

#include "config/value_checks.h"

namespace postern {
namespace {

TEST(PolicyValues, AreReadBackAsTheyAreListed) {
  PolicySettings strict;
  strict.password_required = true;
  strict.lock_after_s = 9998;
  strict.mail_age_filter_max = 5;
  PolicySettings read;
  for (const std::string& value : policy_values(strict))
    EXPECT_TRUE(apply_policy_value(read, value)) << value;
  EXPECT_EQ(policy_values(read), policy_values(strict));
  EXPECT_NE(policy_values(PolicySettings()), policy_values(strict));
}

TEST(PolicyValues, HaveTheSettingsNamesAndBounds) {
  PolicySettings policy;
  for (const char* wrong : {"", "lock_after_s", "=1", "lock_after_s=9999", "lock_after_s=-1",
                            "lock_after_s=", "password_required=1", "password_length_min=0", "nonsense=1",
                            "LOCK_AFTER_S=1", "lock_after_s=1=2"}) {
    const auto outcome = apply_policy_value(policy, wrong);
    ASSERT_FALSE(outcome) << wrong;
    EXPECT_EQ(outcome.error().kind, ErrorKind::invalid);
  }
  EXPECT_EQ(policy_values(policy), policy_values(PolicySettings())) << "what is refused changes nothing";
  EXPECT_TRUE(apply_policy_value(policy, "password_length_min=16"));
  EXPECT_EQ(policy.password_length_min, 16U);
}

TEST(HttpsUrl, HasAHostAndAPathAndNothingElse) {
  for (const char* fine : {"https://mail.example.org/Microsoft-Server-ActiveSync", "https://m:8443/"}) {
    EXPECT_EQ(check_https_url(fine), "") << fine;
  }
  for (const char* wrong : {"", "http://m/", "https://", "https:///x", "https://m", "https://m:0/",
                            "https://m:65536/", "https://m:/", "https://a b/", "https://m/a b",
                            "https://m/\r\nX: y", "https://m/?q", "https://m/#f", "https://m/\""}) {
    EXPECT_NE(check_https_url(wrong), "") << wrong;
  }
}

}  // namespace
}  // namespace postern
