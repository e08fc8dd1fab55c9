// Fields of a header block, unfolding, and the filter behind HEADER.FIELDS.
#include "storage/mime/header.h"

#include <gtest/gtest.h>

namespace postern::mime {
namespace {

TEST(HeaderView, WalksFields) {
  const std::string block = "A: 1\r\n folded\r\nB :2\nnonsense\r\n\tmore\r\nC:\r\n\r\nD: body\r\n";
  std::vector<std::string> names;
  std::vector<std::string> raw;
  for (const Field& field : HeaderView(block)) {
    names.emplace_back(field.name);
    raw.emplace_back(field.raw);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"A", "B", "", "C"}));
  EXPECT_EQ(raw,
            (std::vector<std::string>{"A: 1\r\n folded\r\n", "B :2\n", "nonsense\r\n\tmore\r\n", "C:\r\n"}));
}

TEST(HeaderView, FindsTheFirstWithoutCase) {
  const HeaderView header("Subject: one\r\nSUBJECT: two\r\nTo: x");
  EXPECT_EQ(header.find("subject")->body, " one\r\n");
  EXPECT_EQ(header.find("to")->body, " x");
  EXPECT_FALSE(header.find("cc"));
  EXPECT_FALSE(HeaderView("").find("x"));
  EXPECT_FALSE(HeaderView("nonsense\r\n").find(""));
}

TEST(FieldName, IsPrintableAsciiBeforeTheColon) {
  EXPECT_EQ(field_name("Subject: x"), "Subject");
  EXPECT_EQ(field_name("Subject \t: x"), "Subject");
  EXPECT_EQ(field_name("Sub ject: x"), "");
  EXPECT_EQ(field_name(" Subject: x"), "");
  EXPECT_EQ(field_name("S\xc3\xa4: x"), "");
  EXPECT_EQ(field_name(": x"), "");
  EXPECT_EQ(field_name("no colon"), "");
  EXPECT_EQ(field_name(std::string(kFieldNameOctetsMax - 1, 'n') + ':').size(), kFieldNameOctetsMax - 1);
  EXPECT_EQ(field_name(std::string(kFieldNameOctetsMax, 'n') + ':'), "");
}

TEST(Unfold, GivesOneLine) {
  EXPECT_EQ(unfold(" one\r\n two\n\tthree\r\n"), "one two\tthree");
  EXPECT_EQ(unfold(" \r\n x \r\n"), "x");
  EXPECT_EQ(unfold(" \r\n"), "");
  EXPECT_EQ(unfold("a\rb\nc"), "a b c");
  EXPECT_EQ(unfold(std::string_view("a\0b", 3)), "a b");
}

struct FilterCase {
  std::string header;
  FieldSelection selection;
  std::vector<std::string> names;
  std::string passed;
};

class Filter : public testing::TestWithParam<FilterCase> {};

TEST_P(Filter, PassesTheSameInAnyPieces) {
  const FilterCase& row = GetParam();
  EXPECT_EQ(filter_fields(row.header, row.selection, row.names), row.passed);
  for (std::size_t cut = 0; cut <= row.header.size(); ++cut) {
    FieldFilter filter(row.selection, row.names);
    std::string out;
    filter.feed(std::string_view(row.header).substr(0, cut), out);
    filter.feed(std::string_view(row.header).substr(cut), out);
    filter.finish(out);
    ASSERT_EQ(out, row.passed) << "cut at " << cut;
  }
}

const std::string kHeader = "From: a\r\nSubject: x\r\n y\r\nTO: b\r\njunk\r\n more\r\nsubject:z\r\n\r\n";

INSTANTIATE_TEST_SUITE_P(
    Mime, Filter,
    testing::Values(
        FilterCase{kHeader, FieldSelection::only, {"SUBJECT"}, "Subject: x\r\n y\r\nsubject:z\r\n\r\n"},
        FilterCase{kHeader, FieldSelection::only, {"to", "From"}, "From: a\r\nTO: b\r\n\r\n"},
        FilterCase{kHeader, FieldSelection::only, {"none"}, "\r\n"},
        FilterCase{kHeader, FieldSelection::all_but, {"subject", "to"}, "From: a\r\njunk\r\n more\r\n\r\n"},
        FilterCase{kHeader + "To: body\r\n", FieldSelection::only, {"to"}, "TO: b\r\n\r\n"},
        FilterCase{" odd\r\nTo: b", FieldSelection::all_but, {"to"}, " odd\r\n"},
        FilterCase{" odd\r\nTo: b", FieldSelection::only, {"to"}, "To: b"},
        FilterCase{"To: b\r\nTo", FieldSelection::all_but, {"to"}, "To"},
        FilterCase{"A: 1\n\nB: 2\n", FieldSelection::only, {"a", "b"}, "A: 1\n\n"},
        FilterCase{
            std::string(2000, 'n') + ": x\r\nA: 1\r\n\r\n", FieldSelection::only, {"a"}, "A: 1\r\n\r\n"},
        FilterCase{"", FieldSelection::all_but, {}, ""}));

}  // namespace
}  // namespace postern::mime
