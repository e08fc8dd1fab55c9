// Settings as YAML, as a visitor of settings_rows.h. Text always stands in double quotes (YAML 1.2 §7.3.1),
// so no value can change the meaning of the text around it. Secrets are never written.
#include <utility>

#include "config/database_url.h"
#include "config/read_settings.h"
#include "config/settings_rows.h"

namespace postern {
namespace {

std::string quoted(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

class SettingsWriter {
 public:
  std::string take_text() { return std::move(text_); }

  template <class S>
  void section(const char* key, S& section) {
    line(std::string(key) + ":");
    indent_ += "  ";
    rows_of(*this, section);
    indent_.resize(indent_.size() - 2);
  }
  template <class S>
  void list(const char* key, std::vector<S>& values, std::size_t) {
    line(std::string(key) + (values.empty() ? ": []" : ":"));
    for (S& value : values) {
      const std::string outer = indent_;
      item_ = true;
      indent_ += "    ";
      rows_of(*this, value);
      indent_ = outer;
    }
  }
  template <class N>
  void number(const char* key, N& value, Bounds) {
    row(key, std::to_string(value));
  }
  void flag(const char* key, bool& value) { row(key, value ? "true" : "false"); }
  void text(const char* key, std::string& value, TextCheck) { row(key, quoted(value)); }
  void database_url(const char* key, std::string& value) { row(key, quoted(without_password(value))); }
  void choice(const char* key, std::string& value, std::initializer_list<const char*>) { row(key, value); }
  void texts(const char* key, std::vector<std::string>& values, TextCheck) {
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ", ") + quoted(value);
    row(key, "[" + list + "]");
  }
  void path(const char* key, std::string& value, FileMode) { row(key, quoted(value)); }
  void secret(const char*, Secret&) {}

 private:
  void row(const char* key, const std::string& value) { line(std::string(key) + ": " + value); }
  void line(const std::string& content) {
    text_ += item_ ? indent_.substr(0, indent_.size() - 2) + "- " : indent_;
    text_ += content + "\n";
    item_ = false;
  }

  std::string text_;
  std::string indent_;
  bool item_ = false;  // the next line begins a list's element
};

}  // namespace

std::string write_settings(const Settings& settings) {
  Settings copy = settings;  // the rows are shared with the reader, which needs to write
  SettingsWriter writer;
  rows_of(writer, copy);
  return writer.take_text();
}

}  // namespace postern
