#include "gateway/cli/time_option.h"

#include <fmt/chrono.h>

#include "gateway/base/text.h"

namespace postern::cli {

namespace {

constexpr std::string_view kPattern = "####-##-##T##:##:##";
constexpr std::size_t kDayEnd = 10;
constexpr std::size_t kMinuteEnd = 16;

}  // namespace

std::string time_text(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

std::optional<WallTime> time_from(std::string_view text) {
  if (text.size() > kDayEnd && text.ends_with('Z')) text.remove_suffix(1);
  if (text.size() != kDayEnd && text.size() != kMinuteEnd && text.size() != kPattern.size())
    return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits = kPattern[i] == '#' ? text::is_digit(text[i]) : kPattern[i] == text[i];
    if (!fits) return std::nullopt;
  }
  const auto field = [text](std::size_t at, std::size_t count) {
    return static_cast<unsigned>(at < text.size() ? *text::number(text.substr(at, count)) : 0);
  };
  const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(field(0, 4))),
                                        std::chrono::month(field(5, 2)), std::chrono::day(field(8, 2)));
  const unsigned hour = field(11, 2), minute = field(14, 2), second = field(17, 2);
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return WallTime(std::chrono::sys_days(day)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

void add_time_option(CLI::App& command, const std::string& name, std::optional<WallTime>& time,
                     const std::string& description) {
  command
      .add_option_function<std::string>(
          name,
          [&time, name](const std::string& text) {
            time = time_from(text);
            if (!time) throw CLI::ValidationError(name, "not a time: " + text);
          },
          description + ", e.g. 2025-01-31 or 2025-01-31T18:00 (UTC)")
      ->type_name("TIME");
}

}  // namespace postern::cli
