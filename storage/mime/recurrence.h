// RRULE (RFC 5545 §3.3.10), the parts of it that calendars of phones know.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/mime/calendar.h"

namespace postern::mime {

enum class Frequency : std::uint8_t { daily, weekly, monthly, yearly };

struct RecurrenceDay {
  int week = 0;  // of the month: 1 … 5, -1 the last; 0: every one
  std::chrono::weekday weekday{0};
};

struct Recurrence {
  Frequency frequency = Frequency::daily;
  std::uint32_t interval = 1;
  std::optional<std::uint32_t> count;
  std::optional<CalendarTime> until;
  std::vector<RecurrenceDay> days;
  std::optional<unsigned> month;         // 1 … 12
  std::optional<unsigned> day_of_month;  // 1 … 31
  std::optional<int> position;           // BYSETPOS: of the days of the month
  std::chrono::weekday week_start{1};
};

// nullopt: none, or of a kind that is not told here (hourly, by the week of the year …).
std::optional<Recurrence> parse_recurrence(std::string_view rule);

}  // namespace postern::mime
