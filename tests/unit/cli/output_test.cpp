// What the command line prints.
#include "gateway/cli/output.h"

#include <gtest/gtest.h>

namespace postern::cli {
namespace {

Json row(const char* address, std::uint64_t used, Json quota) {
  Json record;
  record["address"] = address;
  record["used"] = used;
  record["quota"] = std::move(quota);
  return record;
}

TEST(TableText, AlignsColumnsBeyondAscii) {
  const std::vector<Json> rows{row("a@b.test", 5, Json()), row("jürgen@bücher.test", 12345, Json(7))};
  EXPECT_EQ(table_text({"address", "used", "quota"}, rows),
            "ADDRESS             USED   QUOTA\n"
            "a@b.test            5      -\n"
            "jürgen@bücher.test  12345  7\n");
}

TEST(TableText, ShowsYesNoAndLists) {
  Json record;
  record["catch_all"] = true;
  record["targets"] = {"a", "b"};
  EXPECT_EQ(table_text({"catch_all", "targets"}, {record}), "CATCH ALL  TARGETS\nyes        a, b\n");
}

TEST(OctetsText, KeepsOneDecimal) {
  EXPECT_EQ(octets_text(0), "0 octets");
  EXPECT_EQ(octets_text(1023), "1023 octets");
  EXPECT_EQ(octets_text(1024), "1.0 KiB");
  EXPECT_EQ(octets_text(1610612736), "1.5 GiB");
  EXPECT_EQ(octets_text(UINT64_MAX), "16777216.0 TiB");
}

}  // namespace
}  // namespace postern::cli
