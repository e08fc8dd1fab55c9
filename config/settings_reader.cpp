#include "config/settings_reader.h"

#include <stdlib.h>

#include <algorithm>
#include <utility>

#include "config/database_url.h"
#include "config/nearest.h"
#include "config/secret_file.h"
#include "gateway/base/text.h"

namespace postern {
namespace {

std::string quoted(std::string_view value) {
  return "\"" + text::printable(value) + "\"";
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

SettingsReader::SettingsReader(SettingsSource& source, const YamlNode* map, std::string environment_prefix)
    : source_(source), map_(map), environment_prefix_(std::move(environment_prefix)) {}

void SettingsReader::finish() const {
  if (map_ == nullptr) return;
  std::set<std::string_view> seen;
  for (const YamlNode& key : map_->keys) {
    if (!seen.insert(key.scalar).second) {
      source_.add_mistake(key.line, key.column, quoted(key.scalar) + " stands here twice");
    } else if (std::find(known_.begin(), known_.end(), key.scalar) == known_.end()) {
      const auto suggestion = nearest(key.scalar, known_);
      source_.add_mistake(
          key.line, key.column,
          "unknown key " + quoted(key.scalar) +
              (suggestion ? "; did you mean \"" + *suggestion + "\"?" : "; known here: " + join(known_)));
    }
  }
}

void SettingsReader::flag(const char* key, bool& value) {
  Given got;
  if (!given(key, got)) return;
  if (got.text != "true" && got.text != "false") return refuse(got, key, "true or false");
  value = got.text == "true";
}

void SettingsReader::text(const char* key, std::string& value, TextCheck check) {
  Given got;
  if (!given(key, got)) return;
  const std::string expected = check(got.text);
  if (!expected.empty()) return refuse(got, key, expected);
  value = got.text;
}

void SettingsReader::choice(const char* key, std::string& value, std::initializer_list<const char*> names) {
  Given got;
  if (!given(key, got)) return;
  const std::vector<std::string> known(names.begin(), names.end());
  if (std::find(known.begin(), known.end(), got.text) != known.end()) {
    value = got.text;
    return;
  }
  const auto suggestion = nearest(got.text, known);
  refuse(got, key, "one of " + join(known), suggestion ? "; did you mean \"" + *suggestion + "\"?" : "");
}

void SettingsReader::texts(const char* key, std::vector<std::string>& values, TextCheck check) {
  std::vector<Given> items;
  Given got;
  const YamlNode* node = take(key);
  if (from_environment(key, got)) {
    for (const std::string_view word : text::split(got.text, ',')) {
      if (!text::trim(word).empty()) items.push_back({std::string(text::trim(word)), got.place});
    }
  } else {
    if (node == nullptr || !is_list(*node, kSettingsTextsMax)) return;
    for (const YamlNode& item : node->items) {
      items.push_back({item.scalar, {source_.file, item.line, item.column, ""}});
    }
  }
  values.clear();
  for (const Given& item : items) {
    const std::string expected = check(item.text);
    if (expected.empty()) {
      values.push_back(item.text);
    } else {
      refuse(item, key, expected);
    }
  }
}

void SettingsReader::path(const char* key, std::string& value, FileMode mode) {
  Given got;
  if (!given(key, got)) return require(key);
  std::string mistake = check_absolute_path(got.text);
  if (!mistake.empty()) return refuse(got, key, mistake);
  mistake = check_file(got.text, mode == FileMode::secret);
  if (mistake.empty()) {
    value = got.text;
  } else {
    got.place.text = std::string(key) + ": " + quoted(got.text) + " " + mistake;
    source_.add_mistake(got.place);
  }
}

void SettingsReader::secret(const char* key, Secret& value) {
  const std::string file_key = std::string(key) + "_file";
  Given direct;
  Given in_file;
  // What the environment says replaces both forms of what the file says.
  const bool has_direct = given(key, direct);
  const bool has_file = given(file_key, in_file);
  const bool file_from_environment = has_file && in_file.place.line == 0;
  if (has_direct && has_file && (direct.place.line == 0) == file_from_environment) {
    direct.place.text = std::string(key) + " and " + file_key + " are both given; keep one";
    return source_.add_mistake(direct.place);
  }
  if (has_file && (!has_direct || file_from_environment)) return read_secret_file(in_file, value);
  if (!has_direct) return;
  if (source_.others_may_read && direct.place.line > 0) {
    direct.place.text =
        std::string(key) + " stands in a file that others may read; use " + file_key + ", or chmod 640 it";
    return source_.add_mistake(direct.place);
  }
  value = Secret(std::move(direct.text));
}

void SettingsReader::read_secret_file(const Given& given, Secret& value) const {
  auto content = read_secret(given.text);
  if (content) {
    value = *std::move(content);
    return;
  }
  SettingsMistake mistake = given.place;
  mistake.text = quoted(given.text) + " " + content.error().detail;
  source_.add_mistake(std::move(mistake));
}

void SettingsReader::database_url(const char* key, std::string& value) {
  Given got;
  if (!given(key, got)) return;
  const std::string expected = check_any(got.text);
  if (!expected.empty()) {
    got.place.text = std::string(key) + ": expected " + expected;  // the value may hold a password
    return source_.add_mistake(got.place);
  }
  const bool has_password = without_password(got.text) != got.text;
  if (has_password && got.place.line > 0 && source_.others_may_read) {
    got.place.text = std::string(key) + " holds a password and others may read this file; chmod 640 it";
    return source_.add_mistake(got.place);
  }
  value = got.text;
}

const YamlNode* SettingsReader::take(const std::string& key) {
  known_.push_back(key);
  if (map_ == nullptr) return nullptr;
  for (std::size_t i = 0; i < map_->keys.size(); ++i) {
    if (map_->keys[i].scalar != key) continue;
    return map_->items[i].kind == YamlNode::Kind::null ? nullptr : &map_->items[i];
  }
  return nullptr;
}

bool SettingsReader::given(const std::string& key, Given& out) {
  const YamlNode* node = take(key);
  if (from_environment(key, out)) return true;
  if (node == nullptr) return false;
  if (node->kind != YamlNode::Kind::scalar) {
    source_.add_mistake(node->line, node->column, key + " expects one value");
    return false;
  }
  out = {node->scalar, {source_.file, node->line, node->column, ""}};
  return true;
}

bool SettingsReader::from_environment(const std::string& key, Given& out) const {
  if (environment_prefix_.empty()) return false;
  const std::string name = environment_name(key);
  const char* value = getenv(name.c_str());
  if (value == nullptr) return false;
  out = {value, {"environment variable " + name, 0, 0, ""}};
  return true;
}

std::string SettingsReader::environment_name(const std::string& key) const {
  return environment_prefix_.empty() ? "" : environment_prefix_ + text::to_upper(key);
}

bool SettingsReader::is_map(const YamlNode& node) const {
  if (node.kind == YamlNode::Kind::map) return true;
  source_.add_mistake(node.line, node.column, "expected \"key: value\" lines here");
  return false;
}

bool SettingsReader::is_list(const YamlNode& node, std::size_t count_max) const {
  if (node.kind != YamlNode::Kind::list) {
    source_.add_mistake(node.line, node.column, "expected a list here, one \"- \" for each");
    return false;
  }
  if (node.items.size() <= count_max) return true;
  source_.add_mistake(node.line, node.column, "more than " + std::to_string(count_max) + " in a list");
  return false;
}

void SettingsReader::wide_number(const std::string& key, std::uint64_t& value, Bounds bounds) {
  Given got;
  if (!given(key, got)) {
    if (bounds.required) require(key);
    return;
  }
  const auto parsed = text::number(got.text, bounds.most);
  if (parsed && *parsed >= bounds.least) {
    value = *parsed;
    return;
  }
  refuse(got, key, "a number from " + std::to_string(bounds.least) + " to " + std::to_string(bounds.most));
}

void SettingsReader::refuse(const Given& given, const std::string& key, const std::string& expected,
                            const std::string& hint) const {
  SettingsMistake mistake = given.place;
  mistake.text = key + ": expected " + expected + ", not " + quoted(given.text) + hint;
  source_.add_mistake(std::move(mistake));
}

void SettingsReader::require(const std::string& key) const {
  if (map_ == nullptr) return;
  for (std::size_t i = 0; i < map_->keys.size(); ++i) {
    if (map_->keys[i].scalar == key && map_->items[i].kind != YamlNode::Kind::null) return;
  }
  source_.add_mistake(map_->line, map_->column, key + " is missing");
}

}  // namespace postern
