// What commands print: aligned columns for people, JSON for programs. Answers go to standard output, refusals
// to standard error.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace postern::cli {

enum class OutputFormat { table, json };
using Json = nlohmann::ordered_json;

// Columns are keys of every row, in order.
std::string table_text(const std::vector<std::string>& columns, const std::vector<Json>& rows);

void print_rows(OutputFormat format, const std::vector<std::string>& columns, const std::vector<Json>& rows);
// One record, a line per key.
void print_record(OutputFormat format, const Json& record);
// For a command that did something: a sentence, or the record.
void print_done(OutputFormat format, const std::string& sentence, const Json& record);
void print_error(OutputFormat format, const Error& error);

// 1610612736 → "1.5 GiB"
std::string octets_text(std::uint64_t octets);

}  // namespace postern::cli
