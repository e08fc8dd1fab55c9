#include "protocols/admin/times.h"

#include <fmt/chrono.h>

#include "gateway/base/text.h"

namespace postern::admin {

namespace {

constexpr std::size_t kSecondsEnd = 19;  // of "2026-11-23T18:00:00"
constexpr int kYearMin = 1970;

// Digits only, at `at`; -1: something else.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  const std::string_view part = text.substr(at, count);
  for (const char c : part) {
    if (!text::is_digit(c)) return -1;
  }
  return static_cast<int>(text::number(part).value_or(0));
}

}  // namespace

std::string time_text(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

Json time_json(const std::optional<WallTime>& time) {
  return time ? Json(time_text(*time)) : Json();
}

std::optional<WallTime> time_from(std::string_view text) {
  if (text.size() <= kSecondsEnd || text.back() != 'Z') return std::nullopt;
  const bool framed =
      text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' && text[16] == ':';
  if (!framed) return std::nullopt;
  const std::string_view fraction = text.substr(kSecondsEnd, text.size() - kSecondsEnd - 1);
  if (!fraction.empty() && (fraction[0] != '.' || digits(fraction, 1, fraction.size()) < 0))
    return std::nullopt;
  const int year = digits(text, 0, 4);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(digits(text, 5, 2))),
                                         std::chrono::day(static_cast<unsigned>(digits(text, 8, 2)))};
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  const bool fits = year >= kYearMin && date.ok() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 &&
                    second >= 0 && second <= 60;
  if (!fits) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

bool is_month(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') return false;
  const int month = digits(text, 5, 2);
  return digits(text, 0, 4) >= kYearMin && month >= 1 && month <= 12;
}

}  // namespace postern::admin
