#include "storage/mime/recurrence.h"

#include <algorithm>
#include <array>

#include "gateway/base/text.h"

namespace postern::mime {

namespace {

constexpr std::array<std::string_view, 7> kDayNames = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
constexpr std::array<std::string_view, 4> kFrequencyNames = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
constexpr std::size_t kDaysMax = 35;

std::optional<std::chrono::weekday> weekday_named(std::string_view name) {
  for (unsigned i = 0; i < kDayNames.size(); ++i) {
    if (text::same(name, kDayNames[i])) return std::chrono::weekday(i);
  }
  return std::nullopt;
}

// With a sign; 0 is none.
std::optional<int> parse_signed(std::string_view value, std::uint64_t max) {
  const bool negative = value.starts_with('-');
  if (negative || value.starts_with('+')) value.remove_prefix(1);
  const auto number = text::number(value, max);
  if (!number || *number == 0) return std::nullopt;
  return negative ? -static_cast<int>(*number) : static_cast<int>(*number);
}

// "MO", "-1SU", "2TU"
std::optional<RecurrenceDay> parse_day(std::string_view value) {
  if (value.size() < 2) return std::nullopt;
  const auto weekday = weekday_named(value.substr(value.size() - 2));
  if (!weekday) return std::nullopt;
  RecurrenceDay day;
  day.weekday = *weekday;
  if (value.size() == 2) return day;
  const auto week = parse_signed(value.substr(0, value.size() - 2), 5);
  if (!week) return std::nullopt;
  day.week = *week;
  return day;
}

class RuleReader {
 public:
  std::optional<Recurrence> read(std::string_view rule) {
    for (const std::string_view part : text::split(rule, ';')) {
      const std::size_t equals = part.find('=');
      if (equals == std::string_view::npos) continue;
      if (!take(text::to_upper(part.substr(0, equals)), text::trim(part.substr(equals + 1))))
        return std::nullopt;
    }
    if (!has_frequency_) return std::nullopt;
    return std::move(recurrence_);
  }

 private:
  bool take(const std::string& name, std::string_view value) {
    if (name == "FREQ") return take_frequency(value);
    if (name == "INTERVAL") return take_number(value, 999, recurrence_.interval);
    if (name == "COUNT") return take_number(value, 999'999, recurrence_.count.emplace());
    if (name == "UNTIL") {
      recurrence_.until = parse_calendar_time(value);
      return recurrence_.until.has_value();
    }
    if (name == "BYDAY") return take_days(value);
    if (name == "BYMONTH") return take_number(value, 12, recurrence_.month.emplace());
    if (name == "BYMONTHDAY") return take_number(value, 31, recurrence_.day_of_month.emplace());
    if (name == "BYSETPOS") {
      recurrence_.position = parse_signed(value, 5);
      return recurrence_.position.has_value();
    }
    if (name != "WKST") return !name.starts_with("BY");
    const auto day = weekday_named(value);
    if (day) recurrence_.week_start = *day;
    return day.has_value();
  }

  bool take_frequency(std::string_view value) {
    for (std::size_t i = 0; i < kFrequencyNames.size(); ++i) {
      if (!text::same(value, kFrequencyNames[i])) continue;
      recurrence_.frequency = static_cast<Frequency>(i);
      has_frequency_ = true;
    }
    return has_frequency_;
  }

  template <class Number>
  static bool take_number(std::string_view value, std::uint64_t max, Number& to) {
    const auto number = text::number(value, max);
    if (number) to = static_cast<Number>(*number);
    return number && *number > 0;
  }

  bool take_days(std::string_view value) {
    for (const std::string_view one : text::split(value, ',')) {
      const auto day = parse_day(text::trim(one));
      if (!day || recurrence_.days.size() == kDaysMax) return false;
      recurrence_.days.push_back(*day);
    }
    return true;
  }

  Recurrence recurrence_;
  bool has_frequency_ = false;
};

}  // namespace

std::optional<Recurrence> parse_recurrence(std::string_view rule) {
  return RuleReader().read(rule);
}

}  // namespace postern::mime
