#include "gateway/cli/csv.h"

namespace postern::cli {

namespace {

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  std::variant<std::vector<CsvRow>, CsvMistake> all() {
    while (at_ < text_.size()) {
      CsvRow row;
      row.line = line_;
      do {
        row.fields.emplace_back();
        if (!field(row.fields.back())) return CsvMistake{row.line, mistake_};
      } while (take(','));
      if (!line_end()) return CsvMistake{line_, "something stands behind a closing quote"};
      if (row.fields.size() > 1 || !row.fields[0].empty()) rows_.push_back(std::move(row));
    }
    return std::move(rows_);
  }

 private:
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool line_end() {
    if (at_ >= text_.size()) return true;
    take('\r');
    if (at_ < text_.size() && !take('\n')) return false;
    ++line_;
    return true;
  }
  bool field(std::string& out) {
    if (take('"')) return quoted(out);
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    out = text_.substr(at_, end - at_);
    at_ = end;
    mistake_ = "a quote inside a field that does not begin with one";
    return out.find('"') == std::string::npos;
  }
  bool quoted(std::string& out) {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c == '"' && !take('"')) return true;
      out += c;
    }
    mistake_ = "a quote is opened and never closed";
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  const char* mistake_ = "";
  std::vector<CsvRow> rows_;
};

}  // namespace

std::variant<std::vector<CsvRow>, CsvMistake> parse_csv(std::string_view text) {
  return CsvReader(text).all();
}

}  // namespace postern::cli
