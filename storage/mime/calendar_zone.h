// A VTIMEZONE (RFC 5545 §3.6.5): what of its rules mail has, which is one change to summer time a year and
// one back. A zone that is only named, and not described, counts as UTC.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "storage/mime/calendar.h"

namespace postern::mime {

// From when on an offset holds: once, or every year on the n-th (5: last) weekday of a month.
struct ZoneObservance {
  bool is_daylight = false;
  std::chrono::minutes offset_from{}, offset_to{};  // east of Greenwich
  LocalSeconds start{};
  bool is_yearly = false;
  std::chrono::month month{1};
  unsigned week = 1;  // 1 … 5
  std::chrono::weekday weekday{0};
  std::optional<LocalSeconds> until;

  std::optional<LocalSeconds> onset_in(std::chrono::year year) const;
};

struct CalendarZone {
  std::string name;
  std::vector<ZoneObservance> observances;

  std::chrono::minutes offset_at(LocalSeconds local) const;
  std::chrono::sys_seconds to_utc(LocalSeconds local) const;
  // The rule that holds in that year. nullptr: there is none.
  const ZoneObservance* rule(bool daylight, std::chrono::year year) const;
};

// Observances beyond a bound of 100 are passed over.
CalendarZone read_zone(const CalendarComponent& vtimezone);

}  // namespace postern::mime
