// Times on the command line and in what it prints: ISO 8601 in UTC.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"

namespace postern::cli {

// "2025-01-31T10:15:02Z"
std::string time_text(WallTime time);
// "2025-01-31", with or without "T10:15" or "T10:15:02", with or without "Z". nullopt: not a time.
std::optional<WallTime> time_from(std::string_view text);
// An option that takes such a time.
void add_time_option(CLI::App& command, const std::string& name, std::optional<WallTime>& time,
                     const std::string& description);

}  // namespace postern::cli
