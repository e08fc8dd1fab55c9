// config/postern.example.yaml against the defaults and the rows; and the settings of the container.
#include <gtest/gtest.h>

#include <fstream>

#include "config/settings_keys.h"
#include "tests/unit/config/reading.h"

namespace postern {
namespace {

std::string read_text(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

constexpr const char* kExample = POSTERN_SOURCE_DIR "/config/postern.example.yaml";

TEST(ExampleSettings, EqualTheDefaults) {
  EXPECT_EQ(write_settings(good(read_text(kExample))), write_settings(Settings{}));
}

TEST(ExampleSettings, TheContainersAreRight) {
  const Settings settings = good(read_text(POSTERN_SOURCE_DIR "/docker/postern.yaml"));
  EXPECT_FALSE(settings.database.url.empty());
}

// Whether `section` has a line for the last word of `key`, be it behind a "#".
bool names_key(const std::string& section, const std::string& key) {
  const std::string word = key.substr(key.rfind('.') + 1) + ":";
  for (std::size_t at = section.find(word); at != std::string::npos; at = section.find(word, at + 1)) {
    const std::size_t line = section.rfind('\n', at) + 1;
    if (section.find_first_not_of(" #-", line) == at) return true;
  }
  return false;
}

TEST(ExampleSettings, ShowEveryKey) {
  const std::string example = read_text(kExample);
  SettingsKeys rows;
  Settings settings;
  rows_of(rows, settings);
  EXPECT_GT(rows.keys.size(), 80U);
  for (const std::string& key : rows.keys) {
    const std::size_t begin = ("\n" + example).find("\n" + key.substr(0, key.find('.')) + ":");
    ASSERT_NE(begin, std::string::npos) << key;
    std::size_t end = begin;
    do {
      end = example.find('\n', end + 1);
    } while (end != std::string::npos && (example[end + 1] == ' ' || example[end + 1] == '\n'));
    EXPECT_TRUE(names_key(example.substr(begin, end - begin), key)) << key;
  }
}

}  // namespace
}  // namespace postern
