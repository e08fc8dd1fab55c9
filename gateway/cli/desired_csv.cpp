#include <algorithm>

#include "gateway/base/text.h"
#include "gateway/cli/csv.h"
#include "gateway/cli/desired_files.h"

namespace postern::cli {

namespace {

std::vector<std::string> columns_of(const CsvRow& head, FileMistakes& mistakes) {
  const std::vector<std::string> known = account_fields();
  std::vector<std::string> columns;
  for (const std::string& name : head.fields) {
    const std::string column = text::to_lower(text::trim(name));
    DesiredAccount nobody;
    const bool is_known = std::find(known.begin(), known.end(), column) != known.end();
    if (!is_known)
      mistakes.emplace_back(head.line, "column " + column + ": " + set_field(nobody, column, ""));
    const bool again = std::find(columns.begin(), columns.end(), column) != columns.end();
    if (again) mistakes.emplace_back(head.line, "column " + column + " stands here twice");
    columns.push_back(column);
  }
  return columns;
}

DesiredAccount account_of(const CsvRow& row, const std::vector<std::string>& columns,
                          FileMistakes& mistakes) {
  DesiredAccount account;
  account.line = row.line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (row.fields[i].empty()) continue;
    const std::string mistake = set_field(account, columns[i], row.fields[i]);
    if (!mistake.empty()) mistakes.emplace_back(row.line, columns[i] + ": " + mistake);
  }
  return account;
}

}  // namespace

Desired read_desired_csv(const std::string& text, FileMistakes& mistakes) {
  Desired desired;
  const auto parsed = parse_csv(text);
  if (const auto* broken = std::get_if<CsvMistake>(&parsed)) {
    mistakes.emplace_back(broken->line, broken->text);
    return desired;
  }
  const auto& rows = std::get<std::vector<CsvRow>>(parsed);
  if (rows.empty()) {
    mistakes.emplace_back(1, "the first line names the columns, e.g. address,password_hash,name");
    return desired;
  }
  const std::vector<std::string> columns = columns_of(rows.front(), mistakes);
  if (!mistakes.empty()) return desired;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].fields.size() == columns.size()) {
      desired.accounts.push_back(account_of(rows[i], columns, mistakes));
    } else {
      mistakes.emplace_back(rows[i].line, std::to_string(rows[i].fields.size()) + " fields under " +
                                              std::to_string(columns.size()) + " columns");
    }
  }
  check_accounts(desired.accounts, mistakes);
  return desired;
}

}  // namespace postern::cli
