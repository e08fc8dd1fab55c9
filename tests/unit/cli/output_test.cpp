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

TEST(CsvText, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"so\"\r\n"), "\"say \"\"so\"\"\r\n\"");
  for (const char* formula : {"=1+1", "+49 30", "-x", "@SUM(A1)"}) {
    EXPECT_EQ(csv_field(formula), "'" + std::string(formula)) << "a spreadsheet would run it";
  }
}

TEST(CsvText, RowsUnderTheirNames) {
  Json record = row("a@b.test", 5, Json());
  record["targets"] = {"x", "y"};
  record["on"] = true;
  record["below"] = -7;
  EXPECT_EQ(csv_text({}, {record}),
            "address,used,quota,targets,on,below\r\na@b.test,5,,\"[\"\"x\"\",\"\"y\"\"]\",true,-7\r\n");
  EXPECT_EQ(csv_text({"used"}, {record}), "used\r\n5\r\n");
  EXPECT_EQ(csv_text({"address", "used"}, {}), "address,used\r\n");
}

}  // namespace
}  // namespace postern::cli
