// tests/spec/activesync.csv: which test shows which of Microsoft's requirements (MS-ASCMD and its like, by
// their ids in the tables of the Interop test suites); tests/spec/imap.csv: the same for IMAP, by RFC and
// section. Here: that every test which they name is there.
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

// Each row ends in the test's file and, of a unit test, its name: a transcript is one test, in a unit test's
// file there are several.
std::size_t check_spec(const std::string& path, const std::string& head, const std::string& requirement) {
  std::ifstream csv(kRoot + path);
  std::string line;
  EXPECT_TRUE(std::getline(csv, line)) << path;
  EXPECT_EQ(line, head);
  const std::regex row(requirement + R"(,(tests/[\w/-]+\.(?:txt|cpp))(?::(\w+\.\w+))?)");
  std::set<std::string> rows;
  while (std::getline(csv, line)) {
    std::smatch found;
    if (!std::regex_match(line, found, row)) {
      ADD_FAILURE() << "no row: " << line;
      continue;
    }
    EXPECT_TRUE(rows.insert(line).second) << "twice: " << line;
    const std::string& text = text_of(found[1]);
    EXPECT_FALSE(text.empty()) << "no such file: " << line;
    const bool is_unit = found[1].str().ends_with(".cpp");
    EXPECT_EQ(is_unit, found[2].matched) << line;
    if (!is_unit) continue;
    EXPECT_NE(text.find(as_written(found[2])), std::string::npos) << "no such test: " << line;
  }
  return rows.size();
}

TEST(Spec, EveryTestThatARequirementOfActiveSyncNamesIsThere) {
  EXPECT_GT(check_spec("tests/spec/activesync.csv", "requirement,test", R"(MS-AS[A-Z]+_R\d+)"), 500U);
}

TEST(Spec, EveryTestThatARequirementOfImapNamesIsThere) {
  EXPECT_GT(check_spec("tests/spec/imap.csv", "requirement,section,test", R"([^,]+,RFC \d+(?: §[\d.]+)?)"),
            90U);
}

}  // namespace
}  // namespace postern
