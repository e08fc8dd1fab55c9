// Which settings a command works with: the options that every command takes, and the file behind them.
#pragma once

#include <optional>
#include <string>

#include "config/settings.h"
#include "gateway/base/log.h"
#include "gateway/cli/output.h"

namespace postern::cli {

constexpr const char* kDefaultConfigFile = "/etc/postern/postern.yaml";

struct CommonOptions {
  std::string config;          // --config
  std::string data_directory;  // --data: a demo's; its settings are in it
  OutputFormat output = OutputFormat::table;
};

// --config, else the file in --data, else POSTERN_CONFIG, else /etc/postern/postern.yaml.
std::string config_file(const CommonOptions& options);

// nullopt: all mistakes have been printed to standard error.
std::optional<Settings> settings_or_complaint(const CommonOptions& options);

// As log_level and log_format say.
Log log_for(const Settings& settings);

}  // namespace postern::cli
