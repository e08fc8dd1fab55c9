#include "protocols/imap/mailbox_view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/imap/snapshots.h"

namespace postern::imap {
namespace {

constexpr std::uint8_t kSeen = static_cast<std::uint8_t>(SystemFlag::seen);
constexpr std::uint8_t kFlagged = static_cast<std::uint8_t>(SystemFlag::flagged);

std::vector<std::uint32_t> uids_by_number(const MailboxView& view) {
  std::vector<std::uint32_t> uids;
  for (std::uint32_t number = 1; number <= view.exists(); ++number) {
    uids.push_back(raw(view.uid_at(SequenceNumber(number))));
  }
  return uids;
}

std::vector<std::uint32_t> buried(MailboxView& view) {
  std::vector<std::uint32_t> numbers;
  for (const SequenceNumber number : view.bury_ghosts()) numbers.push_back(raw(number));
  return numbers;
}

SequenceSet set_of(std::uint32_t first, std::uint32_t last) {
  SequenceSet set;
  set.ranges.push_back({first, last});
  return set;
}

FlagChange add(SystemFlag flag) {
  FlagChange change;
  change.mode = FlagChangeMode::add;
  change.flags.set(flag);
  return change;
}

TEST(MailboxView, AnEmptyMailboxHasNoNumbersAndNoLargestUid) {
  MailboxView view(snapshot_of({}));
  EXPECT_EQ(view.exists(), 0u);
  EXPECT_EQ(view.largest(), Uid{0});
  EXPECT_TRUE(view.resolve(set_of(1, SequenceSet::kLargest), false)->uids.empty());
  EXPECT_FALSE(view.resolve(set_of(1, 1), false));
  EXPECT_TRUE(view.resolve(set_of(1, SequenceSet::kLargest), true)->uids.empty());
}

TEST(MailboxView, GhostsKeepTheirNumbersUntilTheyAreBuried) {
  MailboxView view(snapshot_of({{10}, {20}, {30}, {40}, {50}}));
  view.advance(snapshot_of({{20}, {40}}));
  EXPECT_EQ(uids_by_number(view), (std::vector<std::uint32_t>{10, 20, 30, 40, 50}));
  EXPECT_EQ(view.number_of(Uid{40}), SequenceNumber{4});
  EXPECT_EQ(view.largest(), Uid{50});
  EXPECT_EQ(buried(view), (std::vector<std::uint32_t>{5, 3, 1}));
  EXPECT_EQ(uids_by_number(view), (std::vector<std::uint32_t>{20, 40}));
  EXPECT_FALSE(view.has_ghosts());
}

TEST(MailboxView, NewMessagesStandBehindGhosts) {
  MailboxView view(snapshot_of({{1}, {2}}));
  const auto news = view.advance(snapshot_of({{1}, {3}}));
  EXPECT_TRUE(news.exists);
  EXPECT_EQ(uids_by_number(view), (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_EQ(buried(view), (std::vector<std::uint32_t>{2}));
  EXPECT_EQ(view.exists(), 2u);
}

TEST(MailboxView, AGhostIsNamedButNothingStandsInForIt) {
  MailboxView view(snapshot_of({{1}, {2}, {3}}));
  view.advance(snapshot_of({{1}, {3}}));
  const auto named = *view.resolve(set_of(2, 3), false);
  EXPECT_TRUE(named.ghosts);
  const auto states = view.take(named.uids, Uid{1}, 10);
  ASSERT_EQ(states.size(), 1u);
  EXPECT_EQ(states.front().uid, Uid{3});
  EXPECT_FALSE(view.resolve(set_of(3, 3), false)->ghosts);
  EXPECT_FALSE(view.resolve(set_of(4, 4), false));
}

TEST(MailboxView, UidsBeyondTheViewAreNotMeant) {
  MailboxView view(snapshot_of({{5}, {7}}));
  EXPECT_EQ(view.resolve(set_of(1, UINT32_MAX), true)->uids.to_text(), "1:7");
  EXPECT_TRUE(view.resolve(set_of(8, 9), true)->uids.empty());
  EXPECT_EQ(view.resolve(set_of(9, SequenceSet::kLargest), true)->uids.to_text(), "7");
}

TEST(MailboxView, TakesInSlices) {
  MailboxView view(snapshot_of({{1}, {2}, {200}, {201}, {500}}));
  UidSet uids = UidSet::of(Uid{2}, Uid{201});
  uids.add(Uid{500});
  const auto first = view.take(uids, Uid{1}, 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first.back().uid, Uid{200});
  const auto second = view.take(uids, Uid{201}, 2);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second.back().uid, Uid{500});
  EXPECT_TRUE(view.take(uids, Uid{501}, 2).empty());
}

TEST(MailboxView, OnesOwnChangeIsNoNewsUnlessItTurnedOutOtherwise) {
  MailboxView view(snapshot_of({{1}, {2}, {3}}));
  view.changed_here(UidSet::of(Uid{1}, Uid{2}), add(SystemFlag::seen), ModSeq{5});
  const auto news = view.advance(snapshot_of({{1, 5, kSeen}, {2, 5, kSeen | kFlagged}, {3, 6, kFlagged}}));
  EXPECT_EQ(news.flags.to_text(), "2:3");
  EXPECT_FALSE(news.exists);
  // It counts once only.
  const auto later = view.advance(snapshot_of({{1, 7, 0}, {2, 5, kSeen | kFlagged}, {3, 6, kFlagged}}));
  EXPECT_EQ(later.flags.to_text(), "1");
}

TEST(MailboxView, ALaterChangeOfTheSameFlagsIsNews) {
  MailboxView view(snapshot_of({{1}}));
  view.changed_here(UidSet::one(Uid{1}), add(SystemFlag::seen), ModSeq{5});
  EXPECT_EQ(view.advance(snapshot_of({{1, 9, kSeen}})).flags.to_text(), "1");
}

TEST(MailboxView, RecentIsCountedWithGhosts) {
  MailboxView view(snapshot_of({{1}, {2}, {3}, {4}}));
  view.claim_recent(Uid{3}, Uid{5});
  EXPECT_EQ(view.recent_count(), 2u);
  view.advance(snapshot_of({{1}, {2}, {4}}));
  EXPECT_EQ(view.recent_count(), 2u);
  view.bury_ghosts();
  EXPECT_EQ(view.recent_count(), 1u);
  view.claim_recent(Uid{9}, Uid{9});
  EXPECT_EQ(view.recent_count(), 1u);
}

TEST(MailboxView, AppliesFlagChanges) {
  Flags before;
  before.set(SystemFlag::seen).add_keyword("$One");
  FlagChange change;
  change.flags.set(SystemFlag::draft).add_keyword("$two");
  EXPECT_EQ(apply(change, before), change.flags);
  change.mode = FlagChangeMode::add;
  EXPECT_TRUE(apply(change, before).has(SystemFlag::seen));
  EXPECT_TRUE(apply(change, before).has_keyword("$TWO"));
  change.mode = FlagChangeMode::remove;
  change.flags.add_keyword("$ONE");
  EXPECT_TRUE(apply(change, before).keywords.empty());
  EXPECT_TRUE(apply(change, before).has(SystemFlag::seen));
}

// A client that believes what it is told, word for word, against the view: numbers never mean another
// message.
TEST(MailboxView, AClientThatCountsAlongIsNeverWrong) {
  std::mt19937 random(7);
  std::vector<Message> store;
  std::uint32_t next = 1;
  std::vector<std::uint32_t> client;
  MailboxView view(snapshot_of({}, next));
  for (int round = 0; round < 2000; ++round) {
    for (auto arrivals = random() % 4; arrivals > 0; --arrivals) store.push_back({next += 1 + random() % 50});
    for (auto removals = random() % 4; removals > 0 && !store.empty(); --removals) {
      store.erase(store.begin() + static_cast<std::ptrdiff_t>(random() % store.size()));
    }
    view.advance(snapshot_of(store, next + 1));
    if (random() % 3 == 0) {
      for (const std::uint32_t number : buried(view)) {
        ASSERT_LE(number, client.size());
        client.erase(client.begin() + number - 1);
      }
    }
    while (client.size() < view.exists()) {
      client.push_back(raw(view.uid_at(SequenceNumber(static_cast<std::uint32_t>(client.size() + 1)))));
    }
    ASSERT_EQ(client, uids_by_number(view));
    for (std::size_t i = 0; i < client.size(); ++i) {
      ASSERT_EQ(raw(view.number_of(Uid(client[i]))), i + 1);
    }
  }
}

}  // namespace
}  // namespace postern::imap
