#include "tests/source_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace postern {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  if (begin < text.size()) lines.push_back(text.substr(begin));
  return lines;
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Just enough of [lex] to tell code from comments, strings and characters.
class Scanner {
 public:
  Scanner(const std::string& content, std::vector<Literal>& literals) : code_(content), literals_(literals) {}

  std::string run() {
    while (at_ < code_.size()) {
      if (code_.compare(at_, 2, "//") == 0) {
        blank_to(code_.find('\n', at_));
      } else if (code_.compare(at_, 2, "/*") == 0) {
        blank_to(after(code_.find("*/", at_), 2));
      } else if (code_.compare(at_, 2, "R\"") == 0 && (at_ == 0 || !is_word(code_[at_ - 1]))) {
        raw_string();
      } else if (code_[at_] == '"' || (code_[at_] == '\'' && (at_ == 0 || !is_word(code_[at_ - 1])))) {
        quoted();
      } else {
        ++at_;
      }
    }
    return std::move(code_);
  }

 private:
  static std::size_t after(std::size_t found, std::size_t octets) {
    return found == std::string::npos ? found : found + octets;
  }

  void blank_to(std::size_t end) {
    end = std::min(end, code_.size());
    for (; at_ < end; ++at_) {
      if (code_[at_] != '\n') code_[at_] = ' ';
    }
  }

  void keep_literal(std::size_t begin, std::size_t end) {
    const auto line = 1 + std::count(code_.begin(), code_.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
    literals_.push_back({static_cast<int>(line), code_.substr(begin, end - begin)});
  }

  void raw_string() {
    const std::size_t open = std::min(code_.find('(', at_), code_.size());
    const std::string close = ")" + code_.substr(at_ + 2, open - at_ - 2) + "\"";
    const std::size_t end = std::min(code_.find(close, open), code_.size());
    keep_literal(std::min(open + 1, end), end);
    blank_to(end + close.size());
  }

  // The quotes stay, so that `case '{':` is still seen to be something.
  void quoted() {
    const char quote = code_[at_++];
    std::size_t end = at_;
    while (end < code_.size() && code_[end] != quote && code_[end] != '\n') end += code_[end] == '\\' ? 2 : 1;
    end = std::min(end, code_.size());
    if (quote == '"') keep_literal(at_, end);
    blank_to(end);
    at_ = std::min(at_ + 1, code_.size());
  }

  std::string code_;
  std::vector<Literal>& literals_;
  std::size_t at_ = 0;
};

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// By npm, or by the build of the web application.
bool is_made(const fs::path& name) {
  return name == "node_modules" || name == "generated" || name == "package-lock.json";
}

}  // namespace

bool SourceFile::is_cpp() const {
  return path.ends_with(".cpp") || path.ends_with(".h");
}

SourceFile scan_source(std::string path, const std::string& content) {
  SourceFile file;
  file.path = std::move(path);
  file.lines = split_lines(content);
  file.code = split_lines(Scanner(content, file.literals).run());
  return file;
}

const std::vector<SourceFile>& product_sources() {
  static const std::vector<SourceFile> files = [] {
    std::vector<SourceFile> found;
    const fs::path root(POSTERN_SOURCE_DIR);
    for (const char* room : {"gateway", "protocols", "storage", "config"}) {
      for (fs::recursive_directory_iterator at(root / room), end; at != end; ++at) {
        const fs::directory_entry& entry = *at;
        if (is_made(entry.path().filename())) at.disable_recursion_pending();
        if (!entry.is_regular_file() || is_made(entry.path().filename())) continue;
        found.push_back(scan_source(fs::relative(entry.path(), root), read_file(entry.path())));
      }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return found;
  }();
  return files;
}

bool repository_has(const std::string& path) {
  return fs::is_regular_file(fs::path(POSTERN_SOURCE_DIR) / path);
}

}  // namespace postern
