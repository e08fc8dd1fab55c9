// Comma-separated values (RFC 4180) as rows of fields, with the line each begins at. Takes bare LF for a
// line's end, and a byte order mark in front. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postern::cli {

struct CsvRow {
  int line = 0;  // from 1
  std::vector<std::string> fields;
};

struct CsvMistake {
  int line = 0;
  std::string text;
};

// Empty lines are passed over.
std::variant<std::vector<CsvRow>, CsvMistake> parse_csv(std::string_view text);

}  // namespace postern::cli
