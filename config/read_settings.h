// YAML to Settings. Every mistake is reported at once: unknown key (with the nearest right one), wrong type,
// value out of bounds, missing file, each with file:line:column.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "config/settings.h"

namespace postern {

struct SettingsMistake {
  std::string file;
  int line = 0;    // from 1; 0: the file as a whole
  int column = 0;  // from 1
  std::string text;
  std::string to_text() const;  // "postern.yaml:12:3: unknown key "prot"; did you mean "port"?"
};

using SettingsOrMistakes = std::variant<Settings, std::vector<SettingsMistake>>;

// A key "x_file" beside "x" reads the secret from a file (its last line end removed; refused if others may
// read it). POSTERN_<SECTION>_<KEY> in the environment replaces a value, e.g. POSTERN_DATABASE_PASSWORD.
SettingsOrMistakes read_settings(const std::string& file);
SettingsOrMistakes read_settings_text(const std::string& yaml, const std::string& file_name_for_mistakes);

// The settings as YAML (secrets left out), which reads back to the same.
std::string write_settings(const Settings& settings);

}  // namespace postern
