#include "protocols/activesync/schema/values.h"

#include <fmt/format.h>

#include <array>

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  const auto value = text::number(text.substr(at, count));
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
};

Fields fields_of(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto in_day = std::chrono::floor<std::chrono::milliseconds>(time - day);
  const std::chrono::hh_mm_ss clock(in_day);
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()),
          static_cast<int>(clock.subseconds().count())};
}

}  // namespace

std::optional<std::uint32_t> number_of(Element element, std::uint32_t max) {
  const auto value = text::number(text::trim(element.text()), max);
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::optional<bool> boolean_of(Element element, bool if_empty) {
  const std::string_view text = text::trim(element.text());
  if (text.empty()) return if_empty;
  if (text == "1" || text::same(text, "true")) return true;
  if (text == "0" || text::same(text, "false")) return false;
  return std::nullopt;
}

std::optional<std::string> text_of(Element element, std::size_t octets_max) {
  const std::string_view text = element.text();
  if (text.empty() || text.size() > octets_max) return std::nullopt;
  return std::string(text);
}

std::optional<Range> range_of(Element element) {
  const std::string_view text = text::trim(element.text());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = text::number(text.substr(0, dash), UINT32_MAX);
  const auto last = text::number(text.substr(dash + 1), UINT32_MAX);
  if (!first || !last || *first > *last) return std::nullopt;
  return Range{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
}

std::string to_text(Range range) {
  return fmt::format("{}-{}", range.first, range.last);
}

std::optional<WallTime> parse_date_time(std::string_view text) {
  const bool compact = text.size() > 4 && text[4] != '-';
  const std::size_t gap = compact ? 0 : 1;  // between the fields
  std::size_t at = 0;
  std::array<int, 6> fields{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t count = i == 0 ? 4 : 2;
    const auto value = digits(text, at, count);
    if (!value) return std::nullopt;
    fields[i] = *value;
    at += count;
    const char separator = i < 2 ? '-' : i == 2 ? 'T' : ':';
    if (i == 5 || (compact && i != 2)) continue;
    if (at >= text.size() || text[at] != separator) return std::nullopt;
    at += i == 2 ? 1 : gap;
  }
  std::chrono::milliseconds fraction(0);
  if (at < text.size() && text[at] == '.') {
    const auto value = digits(text, at + 1, 3);
    if (!value) return std::nullopt;
    fraction = std::chrono::milliseconds(*value);
    at += 4;
  }
  if (text.substr(at) != "Z") return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(fields[0]),
                                         std::chrono::month(static_cast<unsigned>(fields[1])),
                                         std::chrono::day(static_cast<unsigned>(fields[2])));
  if (!date.ok() || fields[3] > 23 || fields[4] > 59 || fields[5] > 59) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(fields[3]) +
         std::chrono::minutes(fields[4]) + std::chrono::seconds(fields[5]) + fraction;
}

std::string format_date_time(WallTime time) {
  const Fields f = fields_of(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", f.year, f.month, f.day, f.hour, f.minute,
                     f.second, f.millisecond);
}

std::string format_compact_date_time(WallTime time) {
  const Fields f = fields_of(time);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", f.year, f.month, f.day, f.hour, f.minute, f.second);
}

}  // namespace postern::activesync
