#include "gateway/cli/csv.h"

#include <gtest/gtest.h>

namespace postern::cli {
namespace {

// "line:a|b;line:c", or the mistake.
std::string told(std::string_view text) {
  const auto parsed = parse_csv(text);
  if (const auto* mistake = std::get_if<CsvMistake>(&parsed)) {
    return "mistake in " + std::to_string(mistake->line) + ": " + mistake->text;
  }
  std::string out;
  for (const CsvRow& row : std::get<std::vector<CsvRow>>(parsed)) {
    out += (out.empty() ? "" : ";") + std::to_string(row.line) + ":";
    for (std::size_t i = 0; i < row.fields.size(); ++i) out += (i == 0 ? "" : "|") + row.fields[i];
  }
  return out;
}

TEST(Csv, RowsAndFields) {
  EXPECT_EQ(told(""), "");
  EXPECT_EQ(told("a,b\r\nc,d\r\n"), "1:a|b;2:c|d");
  EXPECT_EQ(told("a,b\nc,d"), "1:a|b;2:c|d") << "bare line ends, and none at the end";
  EXPECT_EQ(told("\xEF\xBB\xBF"
                 "a,,\n\n,b,"),
            "1:a||;3:|b|")
      << "a mark in front, empty lines and fields";
  EXPECT_EQ(told("\"a,\"\"b\"\"\nc\",d\ne"), "1:a,\"b\"\nc|d;3:e");
  EXPECT_EQ(told("\"\",x"), "1:|x");
}

TEST(Csv, Mistakes) {
  EXPECT_EQ(told("a\n\"b"), "mistake in 2: a quote is opened and never closed");
  EXPECT_EQ(told("a\nb\"c"), "mistake in 2: a quote inside a field that does not begin with one");
  EXPECT_EQ(told("\"a\"b"), "mistake in 1: something stands behind a closing quote");
}

}  // namespace
}  // namespace postern::cli
