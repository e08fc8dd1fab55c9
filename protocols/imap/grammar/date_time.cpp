#include "protocols/imap/grammar/date_time.h"

#include <array>

namespace postern::imap {

namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

unsigned parse_month(Cursor& in) {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (in.take(kMonths[i])) return i + 1;
  }
  in.fail("expected a month");
  return 1;
}

// Exactly two digits.
int parse_two_digits(Cursor& in, int max) {
  const std::size_t begin = in.position();
  const auto value = static_cast<int>(in.two_digits());
  if (value > max) in.fail_at(begin, "expected at most " + std::to_string(max));
  return value;
}

// date-day "-" date-month "-" date-year
std::chrono::sys_days parse_day(Cursor& in) {
  const std::size_t begin = in.position();
  const auto day = static_cast<unsigned>(in.number(31));
  in.expect('-');
  const unsigned month = parse_month(in);
  in.expect('-');
  const int century = parse_two_digits(in, 99);
  const int year = century * 100 + parse_two_digits(in, 99);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (year < 1 || !date.ok()) in.fail_at(begin, "expected a date of the calendar");
  return in.ok() ? std::chrono::sys_days(date) : std::chrono::sys_days();
}

// zone = ("+" / "-") 4DIGIT
int parse_zone_minutes(Cursor& in) {
  const bool west = in.take("-");
  if (!west) in.expect('+');
  const int hours = parse_two_digits(in, 23);
  const int minutes = hours * 60 + parse_two_digits(in, 59);
  return west ? -minutes : minutes;
}

}  // namespace

std::chrono::sys_days parse_date(Cursor& in) {
  const bool quoted = in.take("\"");
  const std::chrono::sys_days day = parse_day(in);
  if (quoted) in.expect('"');
  return day;
}

ZonedTime parse_date_time(Cursor& in) {
  ZonedTime out;
  in.expect('"');
  in.take(" ");
  const std::chrono::sys_days day = parse_day(in);
  in.space();
  const int hours = parse_two_digits(in, 23);
  in.expect(':');
  const int minutes = parse_two_digits(in, 59);
  in.expect(':');
  const int seconds = parse_two_digits(in, 60);
  in.space();
  out.zone_minutes = static_cast<std::int16_t>(parse_zone_minutes(in));
  in.expect('"');
  const WallTime local =
      day + std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
  out.time = local - std::chrono::minutes(out.zone_minutes);
  return out;
}

}  // namespace postern::imap
