// Every dialogue of tests/transcripts/<protocol>/ is a test of its own, on a real PostgreSQL.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <vector>

#include "tests/support/transcript.h"

namespace postern::tests {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> all_transcripts() {
  std::vector<fs::path> paths;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(POSTERN_SOURCE_DIR) / "tests/transcripts")) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string test_name(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.parent_path().filename().string() + '_' + info.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

class Transcript : public testing::TestWithParam<fs::path> {};

TEST_P(Transcript, RunsAsWritten) {
  const std::string difference =
      run_transcript(GetParam().string(), GetParam().parent_path().filename().string());
  EXPECT_TRUE(difference.empty()) << difference;
}

INSTANTIATE_TEST_SUITE_P(Files, Transcript, testing::ValuesIn(all_transcripts()), test_name);

}  // namespace
}  // namespace postern::tests
