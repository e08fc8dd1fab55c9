// What is announced, and when it is news to a device.
#include "protocols/activesync/command_table.h"

#include <gtest/gtest.h>

namespace postern::activesync {
namespace {

TEST(Versions, OnlyMoreThanBeforeIsNews) {
  EXPECT_FALSE(has_new_version(version_names()));
  EXPECT_FALSE(has_new_version(version_names() + ",17.0")) << "a node of a later release has told it";
  EXPECT_TRUE(has_new_version("12.1,14.0,14.1,16.0"));
  EXPECT_TRUE(has_new_version("12.1,14.0,14.1,16.0,16.11"));
  EXPECT_TRUE(has_new_version(""));
}

TEST(Versions, Ascend) {
  EXPECT_EQ(version_names(), "12.1,14.0,14.1,16.0,16.1");
}

}  // namespace
}  // namespace postern::activesync
