// iCalendar (RFC 5545) as mail carries it: components, properties, parameters, and the times in them. Small
// on purpose: what an invitation needs, read leniently, from strangers. Calendars of our own are not kept
// here.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/mime/part.h"

namespace postern::mime {

constexpr std::size_t kCalendarOctetsMax = 256 * 1024;
constexpr std::size_t kCalendarDepthMax = 8;
constexpr std::size_t kCalendarPropertiesMax = 10'000;

struct CalendarProperty {
  std::string name;                   // upper case
  std::vector<Parameter> parameters;  // names in upper case, values unquoted
  std::string value;                  // unfolded, still escaped

  std::string_view parameter(std::string_view name) const;  // empty if absent
  std::string text() const;                                 // its escapes undone (RFC 5545 §3.3.11)
};

struct CalendarComponent {
  std::string name;  // upper case: "VEVENT"
  std::vector<CalendarProperty> properties;
  std::vector<CalendarComponent> children;

  const CalendarProperty* find(std::string_view property) const;  // the first; nullptr: none
  std::string text_of(std::string_view property) const;           // empty if absent
};

// The VCALENDAR. invalid: there is none, or it is nested beyond all use; too_large.
Result<CalendarComponent> read_calendar(std::string_view utf8);

using LocalSeconds = std::chrono::local_time<std::chrono::seconds>;

// DATE or DATE-TIME (RFC 5545 §3.3.4, §3.3.5), its zone disregarded.
struct CalendarTime {
  LocalSeconds local{};
  bool is_date = false;
  bool is_utc = false;
};
std::optional<CalendarTime> parse_calendar_time(std::string_view value);
// "P1DT2H", "-PT15M" (RFC 5545 §3.3.6).
std::optional<std::chrono::seconds> parse_duration(std::string_view value);

// "20250120T130000Z"
std::string calendar_time_text(std::chrono::sys_seconds utc);
// TEXT with its escapes, and a line folded at 75 octets with its CRLF.
std::string calendar_text(std::string_view utf8);
std::string calendar_line(std::string_view line);

}  // namespace postern::mime
