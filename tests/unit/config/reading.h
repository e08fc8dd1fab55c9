// Settings from a text that must be right, and the mistakes of one that must not.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "config/read_settings.h"

namespace postern {

inline Settings good(const std::string& yaml) {
  auto result = read_settings_text(yaml, "t.yaml");
  if (const auto* mistakes = std::get_if<std::vector<SettingsMistake>>(&result)) {
    for (const auto& mistake : *mistakes) ADD_FAILURE() << mistake.to_text();
    return {};
  }
  return std::get<Settings>(std::move(result));
}

inline std::vector<std::string> mistakes_of(SettingsOrMistakes result) {
  std::vector<std::string> texts;
  if (const auto* mistakes = std::get_if<std::vector<SettingsMistake>>(&result)) {
    for (const auto& mistake : *mistakes) texts.push_back(mistake.to_text());
  }
  return texts;
}

inline std::vector<std::string> bad(const std::string& yaml) {
  return mistakes_of(read_settings_text(yaml, "t.yaml"));
}

}  // namespace postern
