// What one command acts on: the newest so many, and which of them is the oldest (RFC 9738 §3).
#include "protocols/imap/message_limit.h"

#include <gtest/gtest.h>

#include "tests/unit/imap/snapshots.h"

namespace postern::imap {
namespace {

UidSet uids_of(std::initializer_list<std::uint32_t> numbers) {
  UidSet uids;
  for (const std::uint32_t number : numbers) uids.add(Uid(number));
  return uids;
}

TEST(MessageLimit, LeavesTheNewest) {
  const MailboxView view(snapshot_of({{3}, {10}, {11}, {40}, {90}}));
  const WithinLimit part = within_limit(view, UidSet::all(), 2);
  EXPECT_EQ(part.lowest, Uid{40});
  EXPECT_EQ(part.uids, UidSet::of(Uid{40}, kUidMax));
  EXPECT_EQ(within_limit(view, uids_of({3, 10, 90}), 2).uids, uids_of({10, 90}));
  EXPECT_EQ(within_limit(view, uids_of({3, 10, 90}), 2).lowest, Uid{10});
}

TEST(MessageLimit, AtTheBoundNothingIsLeftOut) {
  const MailboxView view(snapshot_of({{3}, {10}, {11}, {40}, {90}}));
  EXPECT_EQ(within_limit(view, UidSet::all(), 5).lowest, std::nullopt);
  EXPECT_EQ(within_limit(view, UidSet::all(), 4).lowest, Uid{10});
  // UIDs without messages do not count.
  EXPECT_EQ(within_limit(view, uids_of({3, 4, 5, 6, 90}), 2).lowest, std::nullopt);
  EXPECT_EQ(within_limit(view, uids_of({3, 4, 5, 6, 90}), 2).uids, uids_of({3, 4, 5, 6, 90}));
}

}  // namespace
}  // namespace postern::imap
