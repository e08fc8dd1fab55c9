// tests/spec/activesync.csv: which test shows which of Microsoft's requirements (MS-ASCMD and its like, by
// their ids in the tables of the Interop test suites). Here: that every test which it names is there.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace postern {
namespace {

const std::string kRoot = POSTERN_SOURCE_DIR "/";

// The file's text; empty if it is not there.
const std::string& text_of(const std::string& path) {
  static std::map<std::string, std::string> texts;
  const auto [found, is_new] = texts.try_emplace(path);
  if (is_new) {
    std::ifstream in(kRoot + path);
    found->second.assign(std::istreambuf_iterator<char>(in), {});
  }
  return found->second;
}

// "TEST(Ping, Answers)" for "Ping.Answers".
std::string as_written(const std::string& name) {
  const std::size_t dot = name.find('.');
  return "TEST(" + name.substr(0, dot) + ", " + name.substr(dot + 1) + ")";
}

TEST(Spec, EveryTestThatARequirementNamesIsThere) {
  std::ifstream csv(kRoot + "tests/spec/activesync.csv");
  std::string line;
  ASSERT_TRUE(std::getline(csv, line));
  EXPECT_EQ(line, "requirement,test");
  // A transcript is one test; in a unit test's file there are several.
  const std::regex row(R"((MS-AS[A-Z]+_R\d+),(tests/[\w/-]+\.(?:txt|cpp))(?::(\w+\.\w+))?)");
  std::set<std::string> rows;
  while (std::getline(csv, line)) {
    std::smatch found;
    ASSERT_TRUE(std::regex_match(line, found, row)) << line;
    EXPECT_TRUE(rows.insert(line).second) << "twice: " << line;
    const std::string& text = text_of(found[2]);
    EXPECT_FALSE(text.empty()) << "no such file: " << line;
    const bool is_unit = found[2].str().ends_with(".cpp");
    EXPECT_EQ(is_unit, found[3].matched) << line;
    if (!is_unit) continue;
    EXPECT_NE(text.find(as_written(found[3])), std::string::npos) << "no such test: " << line;
  }
  EXPECT_GT(rows.size(), 500U);
}

}  // namespace
}  // namespace postern
