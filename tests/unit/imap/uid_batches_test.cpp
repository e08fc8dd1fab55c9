// UIDBATCHES: batches lie against each other, from the newest message to UID 1 (RFC 10022 §3).
#include "protocols/imap/uid_batches.h"

#include <gtest/gtest.h>

#include "tests/unit/imap/snapshots.h"

namespace postern::imap {
namespace {

UidBatches batches_of(std::uint32_t messages) {
  UidBatches command;
  command.messages = messages;
  return command;
}

UidBatches batches_of(std::uint32_t messages, std::uint32_t first, std::uint32_t last) {
  UidBatches command = batches_of(messages);
  command.batches = Window{first, last};
  return command;
}

std::vector<UidRange> ranges(std::initializer_list<std::pair<std::uint32_t, std::uint32_t>> pairs) {
  std::vector<UidRange> out;
  for (const auto& [first, last] : pairs) out.push_back({Uid(first), Uid(last)});
  return out;
}

TEST(UidBatches, LieAgainstEachOther) {
  const SnapshotPtr five = snapshot_of({{3}, {10}, {11}, {40}, {90}});
  EXPECT_EQ(uid_batches(*five, batches_of(2)), ranges({{40, 90}, {10, 39}, {1, 9}}));
  EXPECT_EQ(uid_batches(*five, batches_of(5)), ranges({{1, 90}}));
  EXPECT_EQ(uid_batches(*five, batches_of(4)), ranges({{10, 90}, {1, 9}}));
  EXPECT_EQ(uid_batches(*five, batches_of(1)).size(), 5u);
  EXPECT_EQ(uid_batches(*five, batches_of(UINT32_MAX)), ranges({{1, 90}}));
}

TEST(UidBatches, OfAnEmptyMailboxThereAreNone) {
  EXPECT_EQ(uid_batches(*snapshot_of({}), batches_of(500)), ranges({}));
  EXPECT_EQ(uid_batches(*snapshot_of({}), batches_of(500, 1, 3)), ranges({}));
  EXPECT_EQ(uid_batches(*snapshot_of({{1}}), batches_of(500)), ranges({{1, 1}}));
}

TEST(UidBatches, OnlyThoseThatAreAskedFor) {
  const SnapshotPtr five = snapshot_of({{3}, {10}, {11}, {40}, {90}});
  EXPECT_EQ(uid_batches(*five, batches_of(2, 2, 2)), ranges({{10, 39}}));
  EXPECT_EQ(uid_batches(*five, batches_of(2, 2, 9)), ranges({{10, 39}, {1, 9}}));
  EXPECT_EQ(uid_batches(*five, batches_of(2, 4, 9)), ranges({}));
  EXPECT_EQ(uid_batches(*five, batches_of(2, UINT32_MAX, UINT32_MAX)), ranges({}));
}

}  // namespace
}  // namespace postern::imap
