#include "storage/postgres/index_cache.h"

#include <gtest/gtest.h>

namespace postern::postgres {
namespace {

SnapshotPtr snapshot_of(std::int64_t mailbox, std::uint64_t modseq, std::uint32_t messages = 1,
                        std::uint32_t uid_validity = 1) {
  auto page = std::make_shared<MailboxPage>();
  for (std::uint32_t uid = 1; uid <= messages; ++uid)
    page->states.push_back(MessageState{ModSeq(1), Uid(uid), 0});
  MailboxStatus status;
  status.highest_modseq = ModSeq(modseq);
  status.uid_validity = UidValidity(uid_validity);
  return std::make_shared<MailboxSnapshot>(MailboxKey{AccountId(1), MailboxId(mailbox)}, status,
                                           MailboxSnapshot::Pages{page}, std::make_shared<KeywordTable>());
}

MailboxKey key(std::int64_t mailbox) {
  return MailboxKey{AccountId(1), MailboxId(mailbox)};
}

TEST(IndexCache, TheNewerSnapshotStays) {
  IndexCache cache(100'000);
  const auto newer = snapshot_of(1, 7);
  cache.put(newer);
  cache.put(snapshot_of(1, 6));
  EXPECT_EQ(cache.find(key(1)), newer);
  const auto same_modseq = snapshot_of(1, 7);  // \Recent claimed: another status under the same modseq
  cache.put(same_modseq);
  EXPECT_EQ(cache.find(key(1)), same_modseq);
  const auto other_life = snapshot_of(1, 2, 1, 2);
  cache.put(other_life);
  EXPECT_EQ(cache.find(key(1)), other_life);
}

TEST(IndexCache, DropsWhatWasUsedLongestAgo) {
  IndexCache cache(8'000);
  for (std::int64_t mailbox = 1; mailbox <= 3; ++mailbox) cache.put(snapshot_of(mailbox, 1, 100));
  EXPECT_NE(cache.find(key(1)), nullptr);
  cache.put(snapshot_of(4, 1, 100));
  EXPECT_EQ(cache.find(key(2)), nullptr);
  EXPECT_NE(cache.find(key(1)), nullptr);
  EXPECT_LE(cache.octets(), 8'000u);
}

TEST(IndexCache, ForgettingAndReplacingAccountForTheirOctets) {
  IndexCache cache(100'000);
  cache.put(snapshot_of(1, 1, 100));
  const auto one = cache.octets();
  cache.put(snapshot_of(1, 2, 100));
  EXPECT_EQ(cache.octets(), one);
  cache.forget(key(1));
  cache.forget(key(1));
  EXPECT_EQ(cache.octets(), 0u);
  EXPECT_EQ(cache.find(key(1)), nullptr);
}

TEST(IndexCache, ASnapshotBeyondTheBoundIsNotKept) {
  IndexCache cache(600);
  const auto large = snapshot_of(1, 1, 100);
  cache.put(large);
  EXPECT_EQ(cache.find(key(1)), nullptr);
  EXPECT_EQ(cache.octets(), 0u);
}

}  // namespace
}  // namespace postern::postgres
