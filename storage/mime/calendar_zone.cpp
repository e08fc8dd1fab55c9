#include "storage/mime/calendar_zone.h"

#include <algorithm>
#include <array>

#include "gateway/base/text.h"
#include "storage/mime/recurrence.h"

namespace postern::mime {

namespace {

constexpr std::size_t kObservancesMax = 100;

// "+0100", "-053000"
std::optional<std::chrono::minutes> parse_offset(std::string_view value) {
  value = text::trim(value);
  if (value.size() < 5 || (value[0] != '+' && value[0] != '-')) return std::nullopt;
  const auto hours = text::number(value.substr(1, 2), 23);
  const auto minutes = text::number(value.substr(3, 2), 59);
  if (!hours || !minutes) return std::nullopt;
  const auto offset = std::chrono::minutes(static_cast<int>(*hours * 60 + *minutes));
  return value[0] == '-' ? -offset : offset;
}

std::optional<ZoneObservance> read_observance(const CalendarComponent& component) {
  ZoneObservance observance;
  observance.is_daylight = component.name == "DAYLIGHT";
  const auto from = parse_offset(component.text_of("TZOFFSETFROM"));
  const auto to = parse_offset(component.text_of("TZOFFSETTO"));
  const auto start = parse_calendar_time(component.text_of("DTSTART"));
  if (!to || !start) return std::nullopt;
  observance.offset_from = from.value_or(*to);
  observance.offset_to = *to;
  observance.start = start->local;
  const auto rule = parse_recurrence(component.text_of("RRULE"));
  if (!rule || rule->frequency != Frequency::yearly || rule->days.size() != 1) return observance;
  const int week = rule->days.front().week;
  if (!rule->month || week == 0 || week < -1) return observance;
  observance.is_yearly = true;
  observance.month = std::chrono::month(*rule->month);
  observance.week = week == -1 ? 5 : static_cast<unsigned>(std::min(week, 5));
  observance.weekday = rule->days.front().weekday;
  if (rule->until) observance.until = rule->until->local;
  return observance;
}

}  // namespace

std::optional<LocalSeconds> ZoneObservance::onset_in(std::chrono::year year) const {
  LocalSeconds onset = start;
  if (is_yearly) {
    const auto month_of_year = year / month;
    std::chrono::local_days day{std::chrono::year_month_weekday(month_of_year / weekday[week])};
    if (week == 5) day = std::chrono::local_days(month_of_year / weekday[std::chrono::last]);
    onset = day + (start - std::chrono::floor<std::chrono::days>(start));
  } else if (std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(start)).year() > year) {
    return std::nullopt;
  }
  if (onset < start || (until && onset > *until)) return std::nullopt;
  return onset;
}

std::chrono::minutes CalendarZone::offset_at(LocalSeconds local) const {
  if (observances.empty()) return std::chrono::minutes(0);
  const std::chrono::year year =
      std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(local)).year();
  std::optional<LocalSeconds> latest;
  std::chrono::minutes offset = observances.front().offset_from;
  for (const ZoneObservance& one : observances) {
    const std::array<std::optional<LocalSeconds>, 2> onsets = {one.onset_in(year - std::chrono::years(1)),
                                                               one.onset_in(year)};
    for (const auto& onset : onsets) {
      if (!onset || *onset > local || (latest && *onset < *latest)) continue;
      latest = onset;
      offset = one.offset_to;
    }
  }
  return offset;
}

std::chrono::sys_seconds CalendarZone::to_utc(LocalSeconds local) const {
  return std::chrono::sys_seconds(local.time_since_epoch() - offset_at(local));
}

const ZoneObservance* CalendarZone::rule(bool daylight, std::chrono::year year) const {
  const ZoneObservance* best = nullptr;
  for (const ZoneObservance& one : observances) {
    const bool holds = one.is_daylight == daylight && one.onset_in(year).has_value();
    if (holds && (best == nullptr || one.start > best->start)) best = &one;
  }
  return best;
}

CalendarZone read_zone(const CalendarComponent& vtimezone) {
  CalendarZone zone;
  zone.name = vtimezone.text_of("TZID");
  for (const CalendarComponent& child : vtimezone.children) {
    if (zone.observances.size() == kObservancesMax) break;
    if (auto observance = read_observance(child)) zone.observances.push_back(*observance);
  }
  return zone;
}

}  // namespace postern::mime
