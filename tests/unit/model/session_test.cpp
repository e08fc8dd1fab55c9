#include "storage/model/session.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(SessionKey, ThereAndBack) {
  SessionKey key;
  key.worker = 17;
  key.number = 281474976710657;
  EXPECT_EQ(to_text(key), "17-281474976710657");
  EXPECT_EQ(*session_key_from(to_text(key)), key);
  for (const char* none : {"", "1", "1-", "-1", "a-1", "1-2-3", "1-9223372036854775808", "1 -2"}) {
    EXPECT_FALSE(session_key_from(none)) << none;
  }
}

TEST(SessionEntry, ItsPlaceInAList) {
  SessionEntry entry;
  entry.account = "joe@example.test";
  entry.key.worker = 3;
  entry.key.number = 9;
  EXPECT_EQ(page_key_of(entry), "joe@example.test 3 9");
}

}  // namespace
}  // namespace postern
