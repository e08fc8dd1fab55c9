// What commands print: aligned columns for people; JSON, JSON lines or CSV for programs. Answers go to
// standard output, refusals to standard error.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "storage/model/quota.h"

namespace postern::cli {

enum class OutputFormat { table, json, ndjson, csv };
using Json = nlohmann::ordered_json;

// Columns are keys of every row, in order.
std::string table_text(const std::vector<std::string>& columns, const std::vector<Json>& rows);

// RFC 4180, with a line of column names; without columns, those of the first row. What is itself structured
// stands as JSON.
std::string csv_text(std::vector<std::string> columns, const std::vector<Json>& rows);
std::string csv_line(const std::vector<std::string>& columns, const Json& row);
// What begins a formula in a spreadsheet is taken for text by an apostrophe in front (CWE-1236).
std::string csv_field(const std::string& text);

void print_rows(OutputFormat format, const std::vector<std::string>& columns, const std::vector<Json>& rows);
// Rows one after the other, for lists of any length: CSV and JSON lines go out as they come.
class RowPrinter {
 public:
  RowPrinter(OutputFormat format, std::vector<std::string> columns);
  void add(Json row);
  // After the last one.
  void end();

 private:
  const OutputFormat format_;
  const std::vector<std::string> columns_;
  std::vector<Json> kept_;
};

// One record, a line per key.
void print_record(OutputFormat format, const Json& record);
// For a command that did something: a sentence, or the record.
void print_done(OutputFormat format, const std::string& sentence, const Json& record);
void print_error(OutputFormat format, const Error& error);

}  // namespace postern::cli
