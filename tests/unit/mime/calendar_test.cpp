// iCalendar line by line, time by time, rule by rule.
#include "storage/mime/calendar.h"

#include <gtest/gtest.h>

#include "storage/mime/calendar_zone.h"
#include "storage/mime/recurrence.h"

namespace postern::mime {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

LocalSeconds local(int y, unsigned m, unsigned d, int hour = 0, int minute = 0) {
  return LocalSeconds(local_days(year(y) / month(m) / day(d))) + hours(hour) + minutes(minute);
}

TEST(ReadCalendar, FoldedLinesQuotedParametersAndEscapes) {
  const auto calendar = read_calendar(
      "noise\r\nbegin:vcalendar\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=en:a\\, b\\;\r\n  "
      "c\\nd\\\\\r\n"
      "ORGANIZER;CN=\"Olga; the boss: her\";X=1:mailto:olga@example.org\r\nBROKEN\r\nEND:VEVENT\r\n"
      "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n");
  ASSERT_TRUE(calendar);
  EXPECT_EQ(calendar->text_of("VERSION"), "2.0");
  ASSERT_EQ(calendar->children.size(), 1U);
  const CalendarComponent& event = calendar->children.front();
  EXPECT_EQ(event.text_of("SUMMARY"), "a, b; c\nd\\");
  EXPECT_EQ(event.find("ORGANIZER")->parameter("CN"), "Olga; the boss: her");
  EXPECT_EQ(event.find("ORGANIZER")->value, "mailto:olga@example.org");
  EXPECT_EQ(event.properties.size(), 2U);
}

TEST(ReadCalendar, WhatIsNone) {
  for (const char* text : {"", "BEGIN:VEVENT\nEND:VEVENT", "BEGIN:VCALENDAR\n", "END:VCALENDAR\n", "x:y"}) {
    EXPECT_FALSE(read_calendar(text)) << text;
  }
}

TEST(ReadCalendar, Bounds) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "BEGIN:VCALENDAR\n";
    for (std::size_t i = 0; i < depth; ++i) text += "END:VCALENDAR\n";
    return text;
  };
  EXPECT_TRUE(read_calendar(nested(kCalendarDepthMax)));
  EXPECT_FALSE(read_calendar(nested(kCalendarDepthMax + 1)));
  std::string many = "BEGIN:VCALENDAR\n";
  for (std::size_t i = 0; i < kCalendarPropertiesMax; ++i) many += "A:b\n";
  EXPECT_TRUE(read_calendar(many + "END:VCALENDAR\n"));
  EXPECT_FALSE(read_calendar(many + "A:b\nEND:VCALENDAR\n"));
  EXPECT_EQ(read_calendar(std::string(kCalendarOctetsMax + 1, 'x')).error().kind, ErrorKind::too_large);
}

TEST(CalendarTime, Forms) {
  EXPECT_EQ(parse_calendar_time("20250120T140000")->local, local(2025, 1, 20, 14));
  EXPECT_FALSE(parse_calendar_time("20250120T140000")->is_utc);
  EXPECT_TRUE(parse_calendar_time("20250120T140000Z")->is_utc);
  EXPECT_TRUE(parse_calendar_time("20250120")->is_date);
  for (const char* text : {"", "2025012", "20250230", "20251301", "20250120T", "20250120X140000",
                           "20250120T240000", "20250120T140000X", "20250120T14000"}) {
    EXPECT_FALSE(parse_calendar_time(text)) << text;
  }
  EXPECT_EQ(calendar_time_text(sys_days(2025y / 1 / 20) + 14h + 5min + 9s), "20250120T140509Z");
}

TEST(Duration, Forms) {
  EXPECT_EQ(parse_duration("PT15M"), 15min);
  EXPECT_EQ(parse_duration("-PT1H30M"), -90min);
  EXPECT_EQ(parse_duration("P1DT2H"), 26h);
  EXPECT_EQ(parse_duration("+P2W"), 14 * 24h);
  for (const char* text : {"", "P", "15M", "P15M", "PT1D", "PTM", "PT15", "PT99999999H"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(CalendarText, LinesAreFoldedAndNothingBreaksOut) {
  EXPECT_EQ(calendar_text("a;b,c\\d\r\ne"), "a\\;b\\,c\\\\d\\ne");
  EXPECT_EQ(calendar_line("A:b\r\nX:y"), "A:bX:y\r\n");
  const std::string line = calendar_line("SUMMARY:" + std::string(200, 'x'));
  EXPECT_EQ(line.find("\r\n "), 71U);
  const std::string umlauts = calendar_line("S:" + [] {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "\xC3\xA4";
    return text;
  }());
  EXPECT_EQ(umlauts.find("\xC3\r\n"), std::string::npos);
}

struct Rule {
  const char* text;
  bool reads;
};
class Rules : public testing::TestWithParam<Rule> {};
TEST_P(Rules, AreReadOrPassedOver) {
  EXPECT_EQ(parse_recurrence(GetParam().text).has_value(), GetParam().reads) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    Recurrence, Rules,
    testing::Values(Rule{"FREQ=DAILY", true}, Rule{"freq=weekly;byday=mo,we;interval=2", true},
                    Rule{"FREQ=MONTHLY;BYDAY=-1FR;COUNT=10", true}, Rule{"FREQ=YEARLY;UNTIL=20300101", true},
                    Rule{"", false}, Rule{"INTERVAL=2", false}, Rule{"FREQ=HOURLY", false},
                    Rule{"FREQ=DAILY;COUNT=0", false}, Rule{"FREQ=DAILY;INTERVAL=1000", false},
                    Rule{"FREQ=DAILY;BYWEEKNO=3", false}, Rule{"FREQ=DAILY;UNTIL=never", false},
                    Rule{"FREQ=MONTHLY;BYDAY=6FR", false}, Rule{"FREQ=MONTHLY;BYDAY=0FR", false},
                    Rule{"FREQ=MONTHLY;BYMONTHDAY=32", false}, Rule{"FREQ=YEARLY;BYMONTH=13", false},
                    Rule{"FREQ=DAILY;X-ODD=1", true}));

CalendarZone berlin() {
  const auto zone = read_calendar(
      "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Europe/Berlin\n"
      "BEGIN:DAYLIGHT\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nDTSTART:19810329T020000\n"
      "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\n"
      "BEGIN:STANDARD\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nDTSTART:19961027T030000\n"
      "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n");
  return read_zone(zone->children.front());
}

TEST(CalendarZones, SummerAndWinter) {
  const CalendarZone zone = berlin();
  EXPECT_EQ(zone.offset_at(local(2025, 1, 20, 14)), 60min);
  EXPECT_EQ(zone.offset_at(local(2025, 7, 20, 14)), 120min);
  EXPECT_EQ(zone.offset_at(local(2025, 3, 30, 1, 59)), 60min);
  EXPECT_EQ(zone.offset_at(local(2025, 3, 30, 3)), 120min);
  EXPECT_EQ(zone.offset_at(local(2025, 10, 26, 2, 59)), 120min);
  EXPECT_EQ(zone.offset_at(local(2025, 10, 26, 3)), 60min);
  EXPECT_EQ(zone.offset_at(local(1970, 1, 1)), 60min);
  EXPECT_EQ(zone.to_utc(local(2025, 7, 20, 14)), sys_days(2025y / 7 / 20) + 12h);
  EXPECT_EQ(zone.rule(true, 2025y)->month, month(3));
}

TEST(CalendarZones, FixedAndUnknownOnes) {
  const auto fixed = read_calendar(
      "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\n"
      "DTSTART:16010101T000000\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n");
  EXPECT_EQ(read_zone(fixed->children.front()).offset_at(local(2025, 1, 1)), 330min);
  EXPECT_EQ(CalendarZone().offset_at(local(2025, 1, 1)), 0min);
}

}  // namespace
}  // namespace postern::mime
