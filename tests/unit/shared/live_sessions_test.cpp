#include "protocols/shared/live_sessions.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

LiveSession session(std::uint64_t number, std::int64_t account = 1, std::string client = "") {
  LiveSession one;
  one.number = number;
  one.account = AccountId(account);
  one.client = std::move(client);
  return one;
}

using Numbers = std::vector<std::uint64_t>;

Numbers begun(const LiveSessions::Changes& changes) {
  Numbers numbers;
  for (const LiveSession& one : changes.begun) numbers.push_back(one.number);
  return numbers;
}

TEST(LiveSessions, TellsWhatIsNewOnce) {
  LiveSessions live;
  live.begun(session(1));
  live.begun(session(2));
  EXPECT_EQ(begun(live.take()), (Numbers{1, 2}));
  live.begun(session(2));  // with every request
  live.ended(1);
  const LiveSessions::Changes changes = live.take();
  EXPECT_EQ(begun(changes), Numbers());
  EXPECT_EQ(changes.ended, Numbers{1});
  EXPECT_EQ(live.take().ended, Numbers());
}

TEST(LiveSessions, SaysNothingOfWhatIsOverAlready) {
  LiveSessions live;
  live.begun(session(1));
  live.ended(1);
  live.named(2, "nobody has signed in");
  live.ended(2);
  live.ended(3);
  const LiveSessions::Changes changes = live.take();
  EXPECT_EQ(begun(changes), Numbers());
  EXPECT_EQ(changes.ended, Numbers());
}

TEST(LiveSessions, AnotherAccountTakesThePlace) {
  LiveSessions live;
  live.begun(session(1, 1));
  live.take();
  live.begun(session(1, 2));
  const LiveSessions::Changes changes = live.take();
  ASSERT_EQ(begun(changes), Numbers{1});
  EXPECT_EQ(changes.begun[0].account, AccountId(2));
  EXPECT_EQ(changes.ended, Numbers());
}

TEST(LiveSessions, ANameCountsBeforeAndAfterTheLogIn) {
  LiveSessions live;
  live.named(1, "early");
  EXPECT_EQ(begun(live.take()), Numbers());
  live.begun(session(1));
  live.begun(session(2));
  EXPECT_EQ(live.take().begun.at(0).client, "early");
  live.named(2, "late\n" + std::string(300, 'x'));
  const LiveSessions::Changes changes = live.take();
  ASSERT_EQ(begun(changes), Numbers{2});
  EXPECT_EQ(changes.begun[0].client.find('\n'), std::string::npos);
  EXPECT_LE(changes.begun[0].client.size(), 2 * LiveSessions::kClientOctetsMax);
}

TEST(LiveSessions, WhatWasNotToldComesAgain) {
  LiveSessions live;
  live.begun(session(1));
  live.begun(session(2));
  live.take();
  live.begun(session(3));
  live.ended(1);
  LiveSessions::Changes changes = live.take();
  live.ended(3);  // meanwhile
  live.not_told(std::move(changes));
  changes = live.take();
  EXPECT_EQ(begun(changes), Numbers());
  EXPECT_EQ(changes.ended, (Numbers{3, 1}));
  live.tell_all();
  EXPECT_EQ(begun(live.take()), Numbers{2});
}

}  // namespace
}  // namespace postern
