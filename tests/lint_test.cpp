// Rules of the house that a compiler does not hold: what g++ 12 miscompiles near co_await, the length of
// files, SQL in its one room, no marks of unfinished work. Every violation is told with its file and line.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/source_files.h"

namespace postern {
namespace {

constexpr std::size_t kFileLinesMax = 500;

std::string place(const SourceFile& file, std::size_t index) {
  return file.path + ":" + std::to_string(index + 1);
}

std::string trimmed(const std::string& line) {
  const auto first = line.find_first_not_of(" \t");
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool has_word(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

// Whether a new statement begins behind this line.
bool ends_statement(const std::string& line) {
  const std::string text = trimmed(line);
  if (text.empty() || text[0] == '#' || text == "else") return true;
  if (std::string(";{}:").find(text.back()) != std::string::npos) return true;
  const std::string head = text.substr(text.starts_with("} ") ? 2 : 0);
  const bool controls = head.starts_with("if (") || head.starts_with("else if (") ||
                        head.starts_with("for (") || head.starts_with("while (");
  return controls && text.back() == ')';
}

// g++ 12 destroys temporaries twice in a full expression with co_await and a braced list, a lambda or ?:.
std::vector<std::string> co_await_violations(const SourceFile& file) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < file.code.size(); ++i) {
    const bool awaits =
        has_word(file.code[i], "co_await") && file.code[i].find("operator co_await") == std::string::npos;
    if (!awaits) continue;
    std::size_t begin = i;
    while (begin > 0 && !ends_statement(file.code[begin - 1])) --begin;
    std::size_t end = i;
    while (end + 1 < file.code.size() && !ends_statement(file.code[end])) ++end;
    std::string statement;
    for (std::size_t line = begin; line <= end; ++line) statement += trimmed(file.code[line]) + " ";
    const bool dangerous =
        statement.find_first_of("{[") != std::string::npos || statement.find(" ? ") != std::string::npos;
    if (dangerous) found.push_back(place(file, i) + ": " + trimmed(file.lines[i]));
  }
  return found;
}

// Lower-case words with one space around each.
std::string words_of(const std::string& text) {
  std::string plain;
  for (const char c : text) {
    plain += is_word(c) ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : ' ';
  }
  std::istringstream in(plain);
  std::string out = " ";
  for (std::string word; in >> word;) out += word + " ";
  return out;
}

bool is_sql(const std::string& literal) {
  const std::string words = words_of(literal);
  const auto in_order = [&words](const char* first, const char* second) {
    const auto at = words.find(first);
    return at != std::string::npos && words.find(second, at) != std::string::npos;
  };
  return in_order(" select ", " from ") || in_order(" update ", " set ") || in_order(" insert into ", "") ||
         in_order(" delete from ", "") || in_order(" create table ", "");
}

std::vector<std::string> sql_violations(const SourceFile& file) {
  std::vector<std::string> found;
  for (const Literal& literal : file.literals) {
    if (!is_sql(literal.text)) continue;
    found.push_back(file.path + ":" + std::to_string(literal.line) + ": SQL outside storage/postgres");
  }
  return found;
}

std::vector<std::string> mark_violations(const SourceFile& file) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const bool marked = has_word(file.lines[i],
                                 "TO"
                                 "DO") ||
                        has_word(file.lines[i],
                                 "FIX"
                                 "ME");
    if (marked) found.push_back(place(file, i) + ": " + trimmed(file.lines[i]));
  }
  return found;
}

void report(const std::vector<std::string>& violations) {
  for (const std::string& violation : violations) ADD_FAILURE() << violation;
}

TEST(Lint, NothingDangerousNearCoAwait) {
  for (const SourceFile& file : product_sources()) {
    if (file.is_cpp()) report(co_await_violations(file));
  }
}

TEST(Lint, SqlStaysInItsRoom) {
  for (const SourceFile& file : product_sources()) {
    if (file.is_cpp() && !file.path.starts_with("storage/postgres/")) report(sql_violations(file));
  }
}

TEST(Lint, NoMarksOfUnfinishedWork) {
  for (const SourceFile& file : product_sources()) report(mark_violations(file));
}

TEST(Lint, FilesStayShort) {
  for (const SourceFile& file : product_sources()) {
    EXPECT_LE(file.lines.size(), kFileLinesMax) << file.path << ":" << kFileLinesMax;
  }
}

TEST(Lint, HeadersBeginWithWhatTheyHold) {
  for (const SourceFile& file : product_sources()) {
    if (!file.path.ends_with(".h")) continue;
    ASSERT_FALSE(file.lines.empty()) << file.path;
    EXPECT_TRUE(file.lines[0].starts_with("// ")) << file.path << ":1";
    EXPECT_NE(std::count(file.lines.begin(), file.lines.end(), "#pragma once"), 0) << file.path << ":1";
  }
}

std::string read_file(const std::string& path) {
  std::ifstream in(std::string(POSTERN_SOURCE_DIR "/") + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Lint, TheContainerIsBuiltFromThePackagesOfDev) {
  const std::string dev = read_file("dev");
  const std::string dockerfile = read_file("docker/Dockerfile");
  const std::string open = "build_packages=(";
  const auto begin = dev.find(open);
  ASSERT_NE(begin, std::string::npos);
  std::istringstream packages(dev.substr(begin + open.size(), dev.find(')', begin) - begin - open.size()));
  for (std::string package; packages >> package;) {
    if (package == "ccache" || package == "libgtest-dev") continue;  // for speed, and for tests
    EXPECT_NE(dockerfile.find(" " + package + " "), std::string::npos) << "docker/Dockerfile: " << package;
  }
}

TEST(Lint, DangerNearCoAwaitIsSeen) {
  const char* bad[] = {
      "co_await f({1, 2});",
      "auto x = co_await f(Req{.a = 1});",
      "co_await run([s] { return 1; });",
      "if (co_await f()) {",
      "auto x = ok ? co_await f() : co_await g();",
      "auto& [a, b] = co_await f();",
      "auto x = co_await f(\n    a,\n    Req{});",
      "auto x = f(Req{1},\n    co_await g());",
  };
  for (const char* text : bad) EXPECT_EQ(co_await_violations(scan_source("a.cpp", text)).size(), 1U) << text;
  const char* good[] = {
      "co_await f(x);",
      "Req request{1};\nco_await f(std::move(request));",
      "CO_TRY(auto x, co_await f(y));",
      "// co_await f({1});",
      "/* co_await\n f({1}); */",
      "const char* s = \"co_await {\";",
      "co_await f('{', \"[\");",
      "if (xs[0] == 1)\n  co_await f();",
      "co_await f();\nauto x = g({1});",
      "my_co_await({1});",
  };
  for (const char* text : good) EXPECT_TRUE(co_await_violations(scan_source("a.cpp", text)).empty()) << text;
}

TEST(Lint, SqlIsSeen) {
  for (const char* text :
       {"f(\"SELECT 1 FROM x\");", "f(R\"sql(\n insert into x)sql\");", "\"UPDATE a SET b = 1\""}) {
    EXPECT_EQ(sql_violations(scan_source("a.cpp", text)).size(), 1U) << text;
  }
  for (const char* text :
       {"f(\"SELECT\");", "// SELECT 1 FROM x", "\"UPDATE FROM\"", "'\"' + \"EXAMINE \""}) {
    EXPECT_TRUE(sql_violations(scan_source("a.cpp", text)).empty()) << text;
  }
}

TEST(Lint, MarksAreSeen) {
  EXPECT_EQ(mark_violations(scan_source("a.cpp",
                                        "// TO"
                                        "DO later\nint x;"))
                .size(),
            1U);
  EXPECT_TRUE(mark_violations(scan_source("a.cpp", "mkstemp(\"XXXXXX\"); // methodology")).empty());
}

}  // namespace
}  // namespace postern
