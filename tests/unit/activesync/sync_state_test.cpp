// Which answer a sync key asks for. MS-ASCMD section 3.1.5.9.
#include "protocols/activesync/sync_state.h"

#include <gtest/gtest.h>

namespace postern::activesync {
namespace {

SyncGeneration generation(std::uint32_t key) {
  SyncGeneration made;
  made.key = key;
  return made;
}

TEST(SyncKey, Texts) {
  EXPECT_EQ(parse_sync_key("0"), 0U);
  EXPECT_EQ(parse_sync_key("4294967295"), UINT32_MAX);
  EXPECT_EQ(parse_sync_key(sync_key_text(17)), 17U);
  for (const char* text : {"", "00", "007", "-1", "x", "4294967296", "{1}5", " 1"}) {
    EXPECT_EQ(parse_sync_key(text), std::nullopt) << text;
  }
  EXPECT_EQ(next_sync_key(1), 2U);
  EXPECT_EQ(next_sync_key(UINT32_MAX), 1U);
}

TEST(SyncState, WithoutALedger) {
  const SyncLedger* none = nullptr;
  EXPECT_TRUE(std::holds_alternative<InitialSync>(sync_outcome(none, "0")));
  EXPECT_TRUE(std::holds_alternative<UnknownSyncKey>(sync_outcome(none, "1")));
  EXPECT_TRUE(std::holds_alternative<UnknownSyncKey>(sync_outcome(none, "bogus")));
}

TEST(SyncState, TheNewestKeyAndTheOneBefore) {
  const SyncLedger ledger = advanced(generation(6), generation(7));
  EXPECT_TRUE(std::holds_alternative<InitialSync>(sync_outcome(&ledger, "0")));
  const auto current = sync_outcome(&ledger, "7");
  ASSERT_TRUE(std::holds_alternative<CurrentSync<SyncGeneration>>(current));
  EXPECT_EQ(std::get<1>(current).from->key, 7U);
  const auto repeated = sync_outcome(&ledger, "6");
  ASSERT_TRUE(std::holds_alternative<RepeatedSync<SyncGeneration>>(repeated));
  EXPECT_EQ(std::get<2>(repeated).from->key, 6U);
  EXPECT_EQ(std::get<2>(repeated).answered->key, 7U);
  for (const char* key : {"5", "8", "x"}) {
    EXPECT_TRUE(std::holds_alternative<UnknownSyncKey>(sync_outcome(&ledger, key))) << key;
  }
}

TEST(SyncState, TheFirstAnswerHasNoneBefore) {
  const FolderLedger ledger{FolderGeneration()};
  EXPECT_TRUE(std::holds_alternative<InitialSync>(sync_outcome(&ledger, "0")));
  EXPECT_TRUE(std::holds_alternative<UnknownSyncKey>(sync_outcome(&ledger, "1")));
}

TEST(SyncState, AnswersGoOn) {
  SyncLedger ledger = advanced(generation(1), generation(2));
  ledger = advanced(ledger.current, generation(3));
  EXPECT_TRUE(std::holds_alternative<UnknownSyncKey>(sync_outcome(&ledger, "1")));
  EXPECT_TRUE(std::holds_alternative<RepeatedSync<SyncGeneration>>(sync_outcome(&ledger, "2")));
  EXPECT_TRUE(std::holds_alternative<CurrentSync<SyncGeneration>>(sync_outcome(&ledger, "3")));
}

}  // namespace
}  // namespace postern::activesync
