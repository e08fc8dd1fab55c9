#include "storage/postgres/split_statements.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::postgres {

namespace {

std::size_t after(std::string_view sql, std::string_view what, std::size_t from) {
  const std::size_t at = sql.find(what, from);
  return at == std::string_view::npos ? sql.size() : at + what.size();
}

// "$tag$" at this place, or empty.
std::string_view dollar_tag(std::string_view sql, std::size_t at) {
  std::size_t end = at + 1;
  while (end < sql.size() && (text::is_alpha(sql[end]) || text::is_digit(sql[end]) || sql[end] == '_')) ++end;
  const bool is_tag = end < sql.size() && sql[end] == '$' && !text::is_digit(sql[at + 1]);
  return is_tag ? sql.substr(at, end + 1 - at) : std::string_view();
}

std::size_t after_block_comment(std::string_view sql, std::size_t at) {
  int depth = 0;
  while (at < sql.size()) {
    if (sql.substr(at, 2) == "/*") {
      ++depth;
      at += 2;
    } else if (sql.substr(at, 2) == "*/") {
      at += 2;
      if (--depth == 0) break;
    } else {
      ++at;
    }
  }
  return at;
}

}  // namespace

std::vector<std::string> split_statements(std::string_view sql) {
  std::vector<std::string> out;
  std::size_t start = 0;
  bool has_words = false;
  const auto end_at = [&](std::size_t end) {
    if (has_words) out.emplace_back(text::trim(sql.substr(start, end - start)));
    start = end + 1;
    has_words = false;
  };
  std::size_t at = 0;
  while (at < sql.size()) {
    const char c = sql[at];
    if (sql.substr(at, 2) == "--") {
      at = after(sql, "\n", at);
    } else if (sql.substr(at, 2) == "/*") {
      at = after_block_comment(sql, at);
    } else if (c == ';') {
      end_at(at++);
    } else {
      has_words = has_words || (c != ' ' && c != '\n' && c != '\t' && c != '\r');
      if (c == '\'' || c == '"') {
        at = after(sql, std::string_view(&c, 1), at + 1);
      } else if (c == '$' && !dollar_tag(sql, at).empty()) {
        const std::string_view tag = dollar_tag(sql, at);
        at = after(sql, tag, at + tag.size());
      } else {
        ++at;
      }
    }
  }
  end_at(sql.size());
  return out;
}

}  // namespace postern::postgres
