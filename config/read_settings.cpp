#include "config/read_settings.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <tuple>
#include <utility>

#include "config/settings_reader.h"

namespace postern {
namespace {

// Two doors at one address would fail at start with the kernel's words only.
void check_endpoints(SettingsSource& source, const Settings& settings) {
  std::map<std::tuple<std::string, std::uint16_t>, std::string> taken;
  const auto check = [&](const std::string& door, bool enabled,
                         const std::vector<EndpointSettings>& endpoints) {
    if (!enabled) return;
    for (const EndpointSettings& endpoint : endpoints) {
      const auto [first, is_new] = taken.try_emplace({endpoint.address, endpoint.port}, door);
      if (is_new || endpoint.port == 0) continue;
      source.add_mistake(0, 0,
                         door + " listens at " + endpoint.address + " port " + std::to_string(endpoint.port) +
                             ", where " + first->second + " does already");
    }
  };
  check("lmtp", settings.lmtp.enabled, settings.lmtp.endpoints);
  check("pop3", settings.pop3.enabled, settings.pop3.endpoints);
  check("imap", settings.imap.enabled, settings.imap.endpoints);
  check("http", settings.http.enabled, settings.http.endpoints);
}

SettingsOrMistakes read_from(SettingsSource source, const std::string& yaml) {
  auto parsed = parse_yaml(yaml);
  if (const auto* mistake = std::get_if<YamlMistake>(&parsed)) {
    source.add_mistake(mistake->line, mistake->column, mistake->text);
    return std::move(source.mistakes);
  }
  const YamlNode& root = std::get<YamlNode>(parsed);
  if (root.kind == YamlNode::Kind::scalar || root.kind == YamlNode::Kind::list) {
    source.add_mistake(root.line, root.column, "expected sections such as \"imap:\" here");
    return std::move(source.mistakes);
  }
  Settings settings;
  SettingsReader reader(source, root.kind == YamlNode::Kind::map ? &root : nullptr, "POSTERN_");
  rows_of(reader, settings);
  reader.finish();
  if (source.mistakes.empty()) check_endpoints(source, settings);
  if (source.mistakes.empty()) return settings;
  std::stable_sort(source.mistakes.begin(), source.mistakes.end(), [](const auto& a, const auto& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(source.mistakes);
}

std::vector<SettingsMistake> whole_file(const std::string& file, std::string text) {
  return {SettingsMistake{file, 0, 0, std::move(text)}};
}

}  // namespace

std::string SettingsMistake::to_text() const {
  const std::string place = line > 0 ? ":" + std::to_string(line) + ":" + std::to_string(column) : "";
  return file + place + ": " + text;
}

SettingsOrMistakes read_settings(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0)
    return whole_file(file, std::string("cannot be read: ") + strerror(errno));
  if (!S_ISREG(status.st_mode)) return whole_file(file, "is not a file");
  std::ifstream in(file, std::ios::binary);
  if (!in) return whole_file(file, std::string("cannot be read: ") + strerror(errno));
  std::string yaml(kYamlOctetsMax + 1, '\0');
  in.read(yaml.data(), static_cast<std::streamsize>(yaml.size()));
  yaml.resize(static_cast<std::size_t>(in.gcount()));
  return read_from(SettingsSource{file, (status.st_mode & S_IROTH) != 0, {}}, yaml);
}

SettingsOrMistakes read_settings_text(const std::string& yaml, const std::string& file_name_for_mistakes) {
  return read_from(SettingsSource{file_name_for_mistakes, false, {}}, yaml);
}

}  // namespace postern
