#include "gateway/cli/settings_source.h"

#include <cstdio>
#include <cstdlib>

#include "config/read_settings.h"

namespace postern::cli {

std::string config_file(const CommonOptions& options) {
  if (!options.config.empty()) return options.config;
  if (!options.data_directory.empty()) return options.data_directory + "/postern.yaml";
  const char* from_environment = std::getenv("POSTERN_CONFIG");
  if (from_environment != nullptr && *from_environment != '\0') return from_environment;
  return kDefaultConfigFile;
}

std::optional<Settings> settings_or_complaint(const CommonOptions& options) {
  auto read = read_settings(config_file(options));
  if (auto* settings = std::get_if<Settings>(&read)) return std::move(*settings);
  Json list = Json::array();
  for (const SettingsMistake& mistake : std::get<std::vector<SettingsMistake>>(read)) {
    if (options.output == OutputFormat::table) {
      std::fprintf(stderr, "%s\n", mistake.to_text().c_str());
      continue;
    }
    Json entry;
    entry["file"] = mistake.file;
    entry["line"] = mistake.line;
    entry["column"] = mistake.column;
    entry["text"] = mistake.text;
    list.push_back(std::move(entry));
  }
  if (options.output != OutputFormat::table) {
    Json record;
    record["mistakes"] = std::move(list);
    std::fprintf(stderr, "%s\n", record.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  }
  return std::nullopt;
}

Log log_for(const Settings& settings) {
  const std::string& name = settings.server.log_level;
  const Level level = name == "debug"     ? Level::debug
                      : name == "warning" ? Level::warning
                      : name == "error"   ? Level::error
                                          : Level::info;
  return Log(level, settings.server.log_format == "json" ? LogFormat::json : LogFormat::logfmt);
}

}  // namespace postern::cli
