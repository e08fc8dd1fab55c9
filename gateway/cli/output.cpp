#include "gateway/cli/output.h"

#include <algorithm>
#include <cstdio>

#include "gateway/base/text.h"

namespace postern::cli {

namespace {

std::string cell_text(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string joined;
  for (const Json& item : value) joined += (joined.empty() ? "" : ", ") + cell_text(item);
  return joined;
}

// Columns on a terminal, nearly: code points of UTF-8, so that names beyond ASCII stay aligned.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::string heading(const std::string& key) {
  std::string text = text::to_upper(key);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

void print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

// In one line, so that a reader of a pipe knows when it has all.
std::string json_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string table_text(const std::vector<std::string>& columns, const std::vector<Json>& rows) {
  std::vector<std::vector<std::string>> lines(1);
  for (const std::string& column : columns) lines[0].push_back(heading(column));
  for (const Json& row : rows) {
    auto& line = lines.emplace_back();
    for (const std::string& column : columns) line.push_back(cell_text(row.at(column)));
  }
  std::vector<std::size_t> widths(columns.size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
  }
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line[i];
      if (i + 1 < line.size()) text += std::string(widths[i] - width_of(line[i]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

std::string csv_field(const std::string& text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  const std::string shown = formula ? "'" + text : text;
  if (shown.find_first_of(",\"\r\n") == std::string::npos) return shown;
  std::string out = "\"";
  for (const char c : shown) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string csv_line(const std::vector<std::string>& columns, const Json& row) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Json& value = row.at(columns[i]);
    const std::string plain = value.is_null() ? ""
                              : value.is_string()
                                  ? value.get<std::string>()
                                  : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    text += (i == 0 ? "" : ",") + (value.is_number() ? plain : csv_field(plain));
  }
  return text + "\r\n";
}

std::string csv_text(std::vector<std::string> columns, const std::vector<Json>& rows) {
  if (columns.empty() && !rows.empty()) {
    for (const auto& [key, value] : rows.front().items()) columns.push_back(key);
  }
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) text += (i == 0 ? "" : ",") + columns[i];
  text += "\r\n";
  for (const Json& row : rows) text += csv_line(columns, row);
  return text;
}

void print_rows(OutputFormat format, const std::vector<std::string>& columns, const std::vector<Json>& rows) {
  switch (format) {
    case OutputFormat::table: return print(stdout, table_text(columns, rows));
    case OutputFormat::json: return print(stdout, json_text(Json(rows)));
    case OutputFormat::csv: return print(stdout, csv_text(columns, rows));
    case OutputFormat::ndjson: break;
  }
  for (const Json& row : rows) print(stdout, json_text(row));
}

RowPrinter::RowPrinter(OutputFormat format, std::vector<std::string> columns)
    : format_(format), columns_(std::move(columns)) {
  if (format_ == OutputFormat::csv) print(stdout, csv_text(columns_, {}));
}

void RowPrinter::add(Json row) {
  if (format_ == OutputFormat::csv) {
    print(stdout, csv_line(columns_, row));
  } else if (format_ == OutputFormat::ndjson) {
    print(stdout, json_text(row));
  } else {
    kept_.push_back(std::move(row));
  }
}

void RowPrinter::end() {
  const bool was_kept = format_ == OutputFormat::table || format_ == OutputFormat::json;
  if (was_kept) print_rows(format_, columns_, std::exchange(kept_, {}));
}

void print_record(OutputFormat format, const Json& record) {
  if (format != OutputFormat::table)
    return print_rows(format == OutputFormat::csv ? format : OutputFormat::ndjson, {}, {record});
  std::size_t widest = 0;
  for (const auto& [key, value] : record.items()) widest = std::max(widest, key.size());
  std::string text;
  for (const auto& [key, value] : record.items()) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    text += name + ":" + std::string(widest - key.size() + 1, ' ') + cell_text(value) + "\n";
  }
  print(stdout, text);
}

void print_done(OutputFormat format, const std::string& sentence, const Json& record) {
  if (format == OutputFormat::table) return print(stdout, sentence + "\n");
  print_record(format, record);
}

void print_error(OutputFormat format, const Error& error) {
  const std::string detail = error.detail.empty() ? std::string(name_of(error.kind)) : error.detail;
  if (format != OutputFormat::table) {
    Json record;
    record["error"] = name_of(error.kind);
    record["detail"] = detail;
    print(stderr, json_text(record));
  } else {
    print(stderr, "postern: " + detail + "\n");
  }
}

}  // namespace postern::cli
