// An invitation as a device sees it, and the mail that answers it.
#include "protocols/activesync/meeting_item.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"
#include "protocols/activesync/message_layout.h"
#include "storage/mime/scanner.h"

namespace postern::activesync {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

mime::Invitation invitation_with(const std::string& lines, const std::string& method = "REQUEST") {
  auto read = mime::read_invitation("BEGIN:VCALENDAR\nMETHOD:" + method +
                                    "\nBEGIN:VEVENT\nUID:u1\nDTSTART:20250120T130000Z\n" + lines +
                                    "END:VEVENT\nEND:VCALENDAR\n");
  return read ? *std::move(read) : mime::Invitation();
}

mime::CalendarZone berlin() {
  mime::ZoneObservance winter;
  winter.offset_from = 120min;
  winter.offset_to = 60min;
  winter.start = mime::LocalSeconds(local_days(1996y / 10 / 27)) + 3h;
  winter.is_yearly = true;
  winter.month = October;
  winter.week = 5;
  winter.weekday = Sunday;
  mime::ZoneObservance summer = winter;
  summer.is_daylight = true;
  summer.offset_from = 60min;
  summer.offset_to = 120min;
  summer.start = mime::LocalSeconds(local_days(1981y / 3 / 29)) + 2h;
  summer.month = March;
  return {"Europe/Berlin", {winter, summer}};
}

TEST(MeetingRequests, WhatADeviceIsTold) {
  const MeetingRequest meeting = meeting_request(invitation_with(
      "DTEND:20250120T140000Z\nSEQUENCE:1\nLOCATION:Room\nORGANIZER;CN=Olga:mailto:olga@example.org\n"
      "ATTENDEE;RSVP=TRUE:mailto:joe@example.test\nCLASS:CONFIDENTIAL\nTRANSP:TRANSPARENT\n"
      "BEGIN:VALARM\nTRIGGER:-P2D\nEND:VALARM\n"));
  EXPECT_EQ(meeting.end - meeting.start, 1h);
  EXPECT_EQ(meeting.organizer, "\"Olga\" <olga@example.org>");
  EXPECT_TRUE(meeting.response_requested);
  EXPECT_EQ(meeting.message_type, MeetingMessageType::full_update);
  EXPECT_EQ(meeting.sensitivity, Sensitivity::confidential);
  EXPECT_EQ(meeting.busy_status, BusyStatus::free);
  EXPECT_EQ(meeting.reminder_s, UINT16_MAX);
  EXPECT_EQ(meeting.instance_type, InstanceType::single);
  EXPECT_EQ(meeting.uid, "u1");
}

TEST(MeetingRequests, TheNameOfBefore16) {
  const auto id = text::unbase64(meeting_request(invitation_with("")).global_obj_id);
  ASSERT_TRUE(id);
  EXPECT_EQ(text::hex(id->substr(0, 16)), "040000008200e00074c5b7101a82e008");
  EXPECT_EQ(id->substr(36), std::string("\x0F\0\0\0vCal-Uid\x01\0\0\0u1\0", 19));
}

TEST(TimeZones, RulesOfSummerAndWinter) {
  const auto zone = text::unbase64(time_zone_text(berlin(), 2025y));
  ASSERT_TRUE(zone);
  ASSERT_EQ(zone->size(), 172U);
  EXPECT_EQ(text::hex(zone->substr(0, 4)), "c4ffffff");  // -60
  EXPECT_EQ(zone->substr(4, 4), std::string("E\0u\0", 4));
  EXPECT_EQ(text::hex(zone->substr(68, 16)), "00000a00000005000300000000000000");
  EXPECT_EQ(text::hex(zone->substr(84, 4)), "00000000");
  EXPECT_EQ(text::hex(zone->substr(152, 16)), "00000300000005000200000000000000");
  EXPECT_EQ(text::hex(zone->substr(168, 4)), "c4ffffff");
  EXPECT_EQ(text::unbase64(time_zone_text({}, 2025y)), std::string(172, '\0'));
}

struct Case {
  const char* rule;
  MeetingRecurrence told;
};
class Recurrences : public testing::TestWithParam<Case> {};
TEST_P(Recurrences, AreToldInTheDevicesWords) {
  const auto meeting = meeting_request(invitation_with(std::string("RRULE:") + GetParam().rule + "\n"));
  ASSERT_TRUE(meeting.recurrence) << GetParam().rule;
  MeetingRecurrence expected = GetParam().told;
  expected.first_day_of_week = 1;
  EXPECT_EQ(*meeting.recurrence, expected) << GetParam().rule;
  EXPECT_EQ(meeting.instance_type, InstanceType::series);
}
// The meeting is on Monday, the 20th of January.
MeetingRecurrence told(RecurrenceType type, std::optional<std::uint32_t> week,
                       std::optional<std::uint32_t> day, std::optional<std::uint32_t> weekday,
                       std::optional<std::uint32_t> month) {
  MeetingRecurrence recurrence;
  recurrence.type = type;
  recurrence.week_of_month = week;
  recurrence.day_of_month = day;
  recurrence.day_of_week = weekday;
  recurrence.month_of_year = month;
  return recurrence;
}
constexpr auto kNone = std::nullopt;
INSTANTIATE_TEST_SUITE_P(
    Meetings, Recurrences,
    testing::Values(
        Case{"FREQ=DAILY", told(RecurrenceType::daily, kNone, kNone, kNone, kNone)},
        Case{"FREQ=DAILY;BYDAY=MO,TU", told(RecurrenceType::weekly, kNone, kNone, 6, kNone)},
        Case{"FREQ=WEEKLY", told(RecurrenceType::weekly, kNone, kNone, 2, kNone)},
        Case{"FREQ=WEEKLY;BYDAY=SU,SA", told(RecurrenceType::weekly, kNone, kNone, 65, kNone)},
        Case{"FREQ=MONTHLY", told(RecurrenceType::monthly, kNone, 20, kNone, kNone)},
        Case{"FREQ=MONTHLY;BYMONTHDAY=3", told(RecurrenceType::monthly, kNone, 3, kNone, kNone)},
        Case{"FREQ=MONTHLY;BYDAY=-1FR", told(RecurrenceType::monthly_nth, 5, kNone, 32, kNone)},
        Case{"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2", told(RecurrenceType::monthly_nth, 2, kNone, 2, kNone)},
        Case{"FREQ=YEARLY", told(RecurrenceType::yearly, kNone, 20, kNone, 1)},
        Case{"FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", told(RecurrenceType::yearly_nth, 2, kNone, 1, 5)}));

TEST(MeetingClasses, ByMethodAndAnswer) {
  EXPECT_EQ(meeting_class(invitation_with("")), "IPM.Schedule.Meeting.Request");
  EXPECT_EQ(meeting_class(invitation_with("", "CANCEL")), "IPM.Schedule.Meeting.Canceled");
  EXPECT_EQ(meeting_class(invitation_with("ATTENDEE;PARTSTAT=TENTATIVE:mailto:a@b.c\n", "REPLY")),
            "IPM.Schedule.Meeting.Resp.Tent");
  EXPECT_EQ(meeting_class(invitation_with("", "REPLY")), "");
  EXPECT_EQ(meeting_class(invitation_with("", "PUBLISH")), "");
  EXPECT_TRUE(is_meeting_request(invitation_with("", "CANCEL")));
  EXPECT_FALSE(is_meeting_request(invitation_with("", "REPLY")));
}

TEST(AnswerMails, GoToTheOrganizer) {
  AnswerMail mail;
  mail.from = "joe@example.test";
  mail.token = "token";
  mail.answer.address = "joe@example.test";
  mail.answer.name = "Joe";
  const mime::Invitation invitation =
      invitation_with("SUMMARY:Planning\nORGANIZER;CN=Olga:mailto:olga@example.org\n");
  const std::string message = answer_mail(invitation, mail);
  EXPECT_TRUE(
      message.starts_with("From: \"Joe\" <joe@example.test>\r\nTo: \"Olga\" <olga@example.org>\r\n"
                          "Subject: Accepted: Planning\r\nMIME-Version: 1.0\r\n"
                          "Content-Type: multipart/alternative;"))
      << message;
  const mime::Structure structure = mime::scan(message);
  const mime::Part* calendar = layout_of(structure.root).calendar;
  ASSERT_NE(calendar, nullptr);
  EXPECT_EQ(calendar->parameter("method"), "REPLY");
  const auto read =
      mime::read_invitation(std::string_view(message).substr(calendar->body.begin, calendar->body.size()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->attendees.front().participation, mime::Participation::accepted);
}

}  // namespace
}  // namespace postern::activesync
