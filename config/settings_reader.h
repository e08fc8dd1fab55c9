// A YAML map into a settings section, as a visitor of settings_rows.h. A wrong value is a mistake and leaves
// the default; reading goes on, so that one run tells everything. POSTERN_<SECTION>_<KEY> replaces what the
// file says.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <vector>

#include "config/read_settings.h"
#include "config/settings_rows.h"
#include "config/yaml_node.h"

namespace postern {

constexpr std::size_t kSettingsMistakesMax = 100;
constexpr std::size_t kSettingsTextsMax = 1000;

struct SettingsSource {
  std::string file;
  bool others_may_read = false;  // then a password in it is a mistake
  std::vector<SettingsMistake> mistakes;

  void add_mistake(int line, int column, std::string text) {
    add_mistake({file, line, column, std::move(text)});
  }
  void add_mistake(SettingsMistake mistake) {
    if (mistakes.size() < kSettingsMistakesMax) mistakes.push_back(std::move(mistake));
  }
};

class SettingsReader {
 public:
  // `map` may be null: the section is not in the file, but the environment may still speak. Keys of a list's
  // elements have no name in the environment: `environment_prefix` is then empty.
  SettingsReader(SettingsSource& source, const YamlNode* map, std::string environment_prefix);
  // Reports the keys that no row asked for.
  void finish() const;

  template <class S>
  void section(const char* key, S& section) {
    const YamlNode* node = take(key);
    SettingsReader inner(source_, node != nullptr && is_map(*node) ? node : nullptr,
                         environment_name(key) + "_");
    rows_of(inner, section);
    inner.finish();
  }

  template <class S>
  void list(const char* key, std::vector<S>& values, std::size_t count_max) {
    const YamlNode* node = take(key);
    if (node == nullptr || !is_list(*node, count_max)) return;
    values.clear();
    for (const YamlNode& item : node->items) {
      if (!is_map(item)) continue;
      SettingsReader inner(source_, &item, "");
      rows_of(inner, values.emplace_back());
      inner.finish();
    }
  }

  template <class N>
  void number(const char* key, N& value, Bounds bounds) {
    std::uint64_t wide = value;
    wide_number(key, wide, bounds);
    value = static_cast<N>(wide);
  }

  void flag(const char* key, bool& value);
  void text(const char* key, std::string& value, TextCheck check);
  void choice(const char* key, std::string& value, std::initializer_list<const char*> names);
  void texts(const char* key, std::vector<std::string>& values, TextCheck check);
  void path(const char* key, std::string& value, FileMode mode);
  void secret(const char* key, Secret& value);
  void database_url(const char* key, std::string& value);

 private:
  struct Given {
    std::string text;
    SettingsMistake place;  // its text is filled in when something is wrong
  };

  const YamlNode* take(const std::string& key);
  bool given(const std::string& key, Given& out);
  bool from_environment(const std::string& key, Given& out) const;
  std::string environment_name(const std::string& key) const;
  bool is_map(const YamlNode& node) const;
  bool is_list(const YamlNode& node, std::size_t count_max) const;
  void wide_number(const std::string& key, std::uint64_t& value, Bounds bounds);
  void refuse(const Given& given, const std::string& key, const std::string& expected,
              const std::string& hint = "") const;
  void require(const std::string& key) const;
  void read_secret_file(const Given& given, Secret& value) const;

  SettingsSource& source_;
  const YamlNode* map_;
  std::string environment_prefix_;
  std::vector<std::string> known_;
};

}  // namespace postern
