// date-time = [ day-of-week "," ] day month year hour ":" minute [ ":" second ] zone           RFC 5322 §3.3
#include "storage/mime/date_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/base/text.h"

namespace postern::mime {
namespace {

using std::chrono::sys_days;

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct NamedZone {
  std::string_view name;
  int hours;
};
// obs-zone. Other names, the military letters among them, say nothing reliable (RFC 5322 §4.3).
constexpr NamedZone kZones[] = {{"EDT", -4}, {"EST", -5}, {"CDT", -5}, {"CST", -6},
                                {"MDT", -6}, {"MST", -7}, {"PDT", -7}, {"PST", -8}};

// A header's date is over long before this many octets.
constexpr std::size_t kDateOctetsMax = 256;

std::optional<unsigned> month_from(std::string_view word) {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (text::starts_with_same(word, kMonths[i])) return i + 1;
  }
  return std::nullopt;
}

std::optional<unsigned> small_number(std::string_view digits, unsigned max) {
  const std::optional<std::uint64_t> value = text::number(digits, max);
  if (!value) return std::nullopt;
  return static_cast<unsigned>(*value);
}

// What has been found of a date so far.
struct Fields {
  std::optional<unsigned> day, month, year;
  bool month_may_be_weekday = false;  // it stood in front of the day: "mar, 05 Nov" is a Tuesday in French
  std::optional<std::chrono::seconds> time;
  std::optional<int> zone_minutes;

  std::optional<sys_days> date() const {
    if (!day || !month || !year) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(*month), std::chrono::day(*day)};
    if (!date.ok()) return std::nullopt;
    return sys_days(date);
  }
  std::optional<DateTime> date_time() const {
    const std::optional<sys_days> on = date();
    if (!on || !time) return std::nullopt;
    const int zone = zone_minutes.value_or(0);
    return DateTime{*on + *time - std::chrono::minutes(zone), static_cast<std::int16_t>(zone)};
  }
};

// hour ":" minute [ ":" second ]. A leap second counts as the one before, so that it stays on its day.
std::optional<std::chrono::seconds> time_from(std::string_view text) {
  const std::vector<std::string_view> parts = text::split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  const std::optional<unsigned> hour = small_number(parts[0], 23);
  const std::optional<unsigned> minute = small_number(parts[1], 59);
  const std::optional<unsigned> second = parts.size() == 3 ? small_number(parts[2], 60) : 0;
  if (!hour || !minute || !second) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(std::min(*second, 59U));
}

// zone = ( "+" / "-" ) 4DIGIT
std::optional<int> numeric_zone(std::string_view text) {
  if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::optional<unsigned> hours = small_number(text.substr(1, 2), 23);
  const std::optional<unsigned> minutes = small_number(text.substr(3), 59);
  if (!hours || !minutes) return std::nullopt;
  const int zone = static_cast<int>(*hours * 60 + *minutes);
  return text[0] == '-' ? -zone : zone;
}

// RFC 5322 §4.3: two digits are 1950 to 2049, three count from 1900.
std::optional<unsigned> year_from(std::string_view digits) {
  std::optional<unsigned> year = small_number(digits, 9999);
  if (!year || digits.size() < 2) return std::nullopt;
  if (digits.size() == 2) return *year + (*year < 50 ? 2000 : 1900);
  if (digits.size() == 3) return *year + 1900;
  return *year >= 1900 ? year : std::nullopt;
}

void take_number(Fields& fields, std::string_view digits) {
  if (!fields.day && digits.size() <= 2)
    fields.day = small_number(digits, 31);
  else if (!fields.year)
    fields.year = year_from(digits);
}

void take_word(Fields& fields, std::string_view word) {
  if (text::is_digit(word[0])) {
    if (word.find(':') == std::string_view::npos)
      take_number(fields, word);
    else if (!fields.time)
      fields.time = time_from(word);
  } else if (text::is_alpha(word[0])) {
    const std::optional<unsigned> month = month_from(word);
    if (month && (!fields.month || fields.month_may_be_weekday)) {
      fields.month = month;
      fields.month_may_be_weekday = !fields.day;
    }
    if (!fields.time || fields.zone_minutes) return;
    for (const NamedZone& zone : kZones) {
      if (text::same(word, zone.name)) fields.zone_minutes = zone.hours * 60;
    }
  } else if (fields.time && !fields.zone_minutes) {
    fields.zone_minutes = numeric_zone(word);
  }
}

std::string format_zone(int minutes) {
  const int magnitude = minutes < 0 ? -minutes : minutes;
  return fmt::format("{}{:02}{:02}", minutes < 0 ? '-' : '+', magnitude / 60, magnitude % 60);
}

}  // namespace

std::optional<DateTime> parse_date(std::string_view value) {
  constexpr std::string_view kSeparators = " \t,()";
  value = value.substr(0, kDateOctetsMax);
  Fields fields;
  while (true) {
    const auto begin = value.find_first_not_of(kSeparators);
    if (begin == std::string_view::npos) break;
    value.remove_prefix(begin);
    std::string_view word = value.substr(0, value.find_first_of(kSeparators));
    value.remove_prefix(word.size());
    // "17-Jul-1996" is three words; "-0700" is one.
    const auto dash = text::is_digit(word[0]) ? word.find('-') : std::string_view::npos;
    if (dash != std::string_view::npos && dash + 4 < word.size() && text::is_alpha(word[dash + 1])) {
      take_word(fields, word.substr(0, dash));
      take_word(fields, word.substr(dash + 1, 3));
      word.remove_prefix(dash + 5 <= word.size() ? dash + 5 : word.size());
    }
    if (!word.empty()) take_word(fields, word);
  }
  if (!fields.time) fields.time = std::chrono::seconds(0);
  return fields.date_time();
}

std::string format_date(DateTime time) {
  const auto local = time.utc + std::chrono::minutes(time.zone_minutes);
  const std::chrono::year_month_day date(time.day());
  const std::chrono::hh_mm_ss clock(local - time.day());
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} {}",
                     kWeekdays[std::chrono::weekday(time.day()).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count(), format_zone(time.zone_minutes));
}

}  // namespace postern::mime
