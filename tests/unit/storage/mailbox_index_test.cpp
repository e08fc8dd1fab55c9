#include "storage/mailbox_index.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace postern {
namespace {

constexpr MailboxKey kKey{AccountId(1), MailboxId(2)};

// Messages with these UIDs, in pages as the store would cut them; modseq 10 unless told.
SnapshotPtr snapshot_of(const std::vector<std::uint32_t>& uids,
                        const std::vector<std::uint32_t>& touched = {}) {
  MailboxSnapshot::Pages pages;
  std::shared_ptr<MailboxPage> page;
  for (const std::uint32_t uid : uids) {
    if (!page || page->number != uid >> kPageBits) {
      page = std::make_shared<MailboxPage>();
      page->number = uid >> kPageBits;
      pages.push_back(page);
    }
    const bool newer = std::find(touched.begin(), touched.end(), uid) != touched.end();
    page->states.push_back(MessageState{ModSeq(newer ? 20 : 10), Uid(uid), 0});
  }
  return std::make_shared<MailboxSnapshot>(kKey, MailboxStatus(), std::move(pages),
                                           std::make_shared<KeywordTable>());
}

UidSet uid_set(std::initializer_list<std::uint32_t> uids) {
  UidSet set;
  for (const std::uint32_t uid : uids) set.add(Uid(uid));
  return set;
}

TEST(MailboxSnapshot, PositionsAndUidsAgree) {
  const std::vector<std::uint32_t> uids{1, 127, 128, 200, 1000, UINT32_MAX};
  const auto snapshot = snapshot_of(uids);
  ASSERT_EQ(snapshot->size(), uids.size());
  for (std::size_t i = 0; i < uids.size(); ++i) {
    EXPECT_EQ(snapshot->at(i).uid, Uid(uids[i]));
    EXPECT_EQ(snapshot->rank(Uid(uids[i])), i);
    EXPECT_EQ(snapshot->find(Uid(uids[i])), &snapshot->at(i));
  }
}

struct RankCase {
  std::uint32_t uid;
  std::size_t rank;
};
class Rank : public testing::TestWithParam<RankCase> {};
TEST_P(Rank, CountsWhatIsSmaller) {
  const auto snapshot = snapshot_of({5, 6, 300, 310});
  EXPECT_EQ(snapshot->rank(Uid(GetParam().uid)), GetParam().rank);
  EXPECT_EQ(snapshot->find(Uid(GetParam().uid)), nullptr);
}
INSTANTIATE_TEST_SUITE_P(Uids, Rank,
                         testing::Values(RankCase{1, 0}, RankCase{7, 2}, RankCase{127, 2}, RankCase{200, 2},
                                         RankCase{299, 2}, RankCase{305, 3}, RankCase{311, 4},
                                         RankCase{5000, 4}));

TEST(MailboxSnapshot, EachVisitsTheSetAscendingWithPositions) {
  const auto snapshot = snapshot_of({1, 2, 3, 130, 131, 500});
  UidSet asked = uid_set({2, 131, 499});
  asked.add(Uid(500), kUidMax);
  std::vector<std::pair<std::size_t, Uid>> seen;
  snapshot->each(asked,
                 [&seen](std::size_t at, const MessageState& state) { seen.emplace_back(at, state.uid); });
  EXPECT_EQ(seen, (std::vector<std::pair<std::size_t, Uid>>{{1, Uid(2)}, {4, Uid(131)}, {5, Uid(500)}}));
  EXPECT_EQ(snapshot->uids(), uid_set({1, 2, 3, 130, 131, 500}));
}

TEST(MailboxSnapshot, AnEmptyMailboxAnswersEverything) {
  const auto snapshot = snapshot_of({});
  EXPECT_EQ(snapshot->size(), 0u);
  EXPECT_EQ(snapshot->rank(Uid(1)), 0u);
  EXPECT_EQ(snapshot->find(Uid(1)), nullptr);
  EXPECT_TRUE(snapshot->uids().empty());
}

TEST(Difference, TellsVanishedAddedAndUpdated) {
  const auto before = snapshot_of({1, 2, 3, 200, 400});
  const auto after = snapshot_of({1, 3, 300, 400, 401}, {3, 300, 401});
  const auto changes = difference(*before, *after);
  EXPECT_EQ(changes.vanished, uid_set({2, 200}));
  EXPECT_EQ(changes.added, uid_set({300, 401}));
  EXPECT_EQ(changes.updated, uid_set({3}));
}

TEST(Difference, OfASnapshotWithItselfIsNothing) {
  const auto snapshot = snapshot_of({1, 500});
  const auto changes = difference(*snapshot, *snapshot);
  EXPECT_TRUE(changes.vanished.empty() && changes.added.empty() && changes.updated.empty());
}

TEST(KeywordTable, SetsAreInternedOnceAndNamesFoundWithoutCase) {
  KeywordTable table;
  EXPECT_EQ(table.intern({}), 0u);
  const std::uint32_t set = table.intern({1, 5});
  EXPECT_EQ(table.intern({1, 5}), set);
  EXPECT_NE(table.intern({1}), set);
  table.learn(5, "$Later");
  EXPECT_EQ(table.number_of("$LATER"), 5);
  EXPECT_EQ(table.number_of(""), std::nullopt);
  EXPECT_EQ(table.number_of("$Other"), std::nullopt);
  // A number without a name, as a damaged database would have it, is no keyword.
  const Flags flags = table.flags_of(MessageState{ModSeq(1), Uid(1), 1 | set << 8});
  EXPECT_EQ(flags.keywords, std::vector<std::string>{"$Later"});
  EXPECT_TRUE(flags.has(SystemFlag::seen));
}

}  // namespace
}  // namespace postern
