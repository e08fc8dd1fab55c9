#include "protocols/activesync/follow_up.h"

#include <gtest/gtest.h>

namespace postern::activesync {
namespace {

FollowUpFlag flag_of(FlagStatus status) {
  FollowUpFlag flag;
  flag.status = status;
  flag.type = "For follow up";
  flag.subject = "Call the carpenter";
  flag.utc_due_date = WallTime(std::chrono::seconds(1'800'000'000));
  flag.reminder_set = true;
  return flag;
}

Flags flagged() {
  Flags flags;
  flags.set(SystemFlag::flagged);
  return flags;
}

TEST(FollowUp, ComesBackAsItWent) {
  for (const FlagStatus status : {FlagStatus::active, FlagStatus::complete}) {
    EXPECT_EQ(decode_follow_up(encode(flag_of(status))), flag_of(status));
  }
}

TEST(FollowUp, IsNotKeptWhereTheFlagSaysAll) {
  FollowUpFlag plain;
  EXPECT_EQ(encode(plain), "");
  plain.status = FlagStatus::active;
  plain.type = "Follow up";
  EXPECT_EQ(encode(plain), "");
  plain.type = "Flag for follow up";
  EXPECT_NE(encode(plain), "");
}

TEST(FollowUp, RefusesOtherOctets) {
  EXPECT_EQ(decode_follow_up(""), std::nullopt);
  EXPECT_EQ(decode_follow_up("nonsense"), std::nullopt);
  std::string other;
  Writer(other).text("Email:Subject"_tag, "x");
  EXPECT_EQ(decode_follow_up(other), std::nullopt);
}

TEST(FollowUp, CountsWhileImapAgrees) {
  const FollowUpFlag active = flag_of(FlagStatus::active);
  const FollowUpFlag complete = flag_of(FlagStatus::complete);
  EXPECT_EQ(follow_up_flag(flagged(), active), active);
  EXPECT_EQ(follow_up_flag(Flags(), complete), complete);
  EXPECT_EQ(follow_up_flag(Flags(), active).status, FlagStatus::cleared) << "taken off by another client";
  EXPECT_EQ(follow_up_flag(flagged(), complete).status, FlagStatus::active) << "flagged anew";
  EXPECT_EQ(follow_up_flag(flagged(), complete).subject, "");
  EXPECT_EQ(follow_up_flag(flagged(), std::nullopt).type, "Follow up");
  EXPECT_EQ(follow_up_flag(Flags(), std::nullopt), FollowUpFlag());
}

}  // namespace
}  // namespace postern::activesync
