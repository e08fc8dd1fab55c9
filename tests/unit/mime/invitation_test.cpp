// Invitations as mail brings them, and answers that another reader understands.
#include "storage/mime/invitation.h"

#include <gtest/gtest.h>

namespace postern::mime {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

std::string with(const std::string& lines, const std::string& method = "REQUEST") {
  return "BEGIN:VCALENDAR\r\nMETHOD:" + method +
         "\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20250106T090000Z\r\n" + lines +
         "END:VEVENT\r\nEND:VCALENDAR\r\n";
}
constexpr const char* kStart = "DTSTART:20250120T130000Z\r\n";

Invitation read(const std::string& lines) {
  auto invitation = read_invitation(with(kStart + lines));
  return invitation ? *std::move(invitation) : Invitation();
}

TEST(Invitations, WhatTheySay) {
  const Invitation meeting = read(
      "DTEND:20250120T140000Z\r\nSUMMARY:Planning\r\nLOCATION:Room 5\\, first floor\r\nSEQUENCE:2\r\n"
      "ORGANIZER;CN=Olga:MAILTO:olga@example.org\r\n"
      "ATTENDEE;CN=Joe;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:joe@example.test\r\n"
      "ATTENDEE;PARTSTAT=DECLINED:mailto:kim@example.test\r\nCLASS:PRIVATE\r\nTRANSP:TRANSPARENT\r\n"
      "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n");
  EXPECT_EQ(meeting.method, InvitationMethod::request);
  EXPECT_EQ(meeting.uid, "u1");
  EXPECT_EQ(meeting.sequence, 2U);
  EXPECT_EQ(meeting.location, "Room 5, first floor");
  EXPECT_EQ(meeting.organizer.address, "olga@example.org");
  EXPECT_EQ(meeting.organizer.name, "Olga");
  ASSERT_EQ(meeting.attendees.size(), 2U);
  EXPECT_TRUE(meeting.attendees[0].wants_answer);
  EXPECT_EQ(meeting.attendees[1].participation, Participation::declined);
  EXPECT_EQ(meeting.end - meeting.start, 1h);
  EXPECT_EQ(meeting.confidentiality, Confidentiality::personal);
  EXPECT_EQ(meeting.free_busy, FreeBusy::free);
  EXPECT_EQ(meeting.reminder, 15min);
  EXPECT_EQ(meeting.made, sys_days(2025y / 1 / 6) + 9h);
}

TEST(Invitations, TheirEnd) {
  EXPECT_EQ(read("DURATION:PT90M\r\n").end - read("").start, 90min);
  EXPECT_EQ(read("").end, read("").start);
  EXPECT_EQ(read("DTEND:19990101T000000Z\r\n").end, read("").start);
  EXPECT_LT(read("DURATION:P900000W\r\n").end - read("").start, 4'000 * 24h);
  const auto day = read_invitation(with("DTSTART;VALUE=DATE:20250120\r\n"));
  ASSERT_TRUE(day);
  EXPECT_TRUE(day->is_all_day);
  EXPECT_EQ(day->end - day->start, 24h);
}

TEST(Invitations, ASeriesAndItsInstances) {
  const Invitation series = read("RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20250301T000000Z\r\n");
  ASSERT_TRUE(series.recurrence);
  EXPECT_EQ(series.recurs_until, sys_days(2025y / 3 / 1));
  const Invitation instance = read("RECURRENCE-ID;X-ODD=\"a\":20250127T130000Z\r\n");
  EXPECT_EQ(instance.instance, sys_days(2025y / 1 / 27) + 13h);
  EXPECT_EQ(instance.instance_line, "RECURRENCE-ID:20250127T130000Z");
  EXPECT_FALSE(read("RECURRENCE-ID:soon\r\n").instance);
}

TEST(Invitations, WhatIsNone) {
  for (const std::string& text :
       {std::string("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), with(""), with("DTSTART:tomorrow\r\n"),
        std::string(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20250120T130000Z\nEND:VEVENT\nEND:VCALENDAR\n")}) {
    EXPECT_FALSE(read_invitation(text)) << text;
  }
}

TEST(Answers, AreUnderstood) {
  Invitation meeting = read("SEQUENCE:2\r\nSUMMARY:a\\, b\r\nORGANIZER;CN=Olga:mailto:olga@example.org\r\n");
  InvitationAnswer answer;
  answer.participation = Participation::declined;
  answer.address = "joe@example.test";
  answer.name = "Joe \"J\"\r\nX:y";
  answer.comment = "No\ntime";
  answer.made = sys_days(2025y / 1 / 7);
  EXPECT_EQ(answer_calendar(meeting, answer),
            "BEGIN:VCALENDAR\r\nPRODID:-//Postern//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
            "UID:u1\r\nSEQUENCE:2\r\nDTSTAMP:20250107T000000Z\r\nDTSTART:20250120T130000Z\r\n"
            "DTEND:20250120T130000Z\r\nORGANIZER;CN=\"Olga\":mailto:olga@example.org\r\n"
            "ATTENDEE;PARTSTAT=DECLINED;CN=\"Joe JX:y\":mailto:joe@example.test\r\n"
            "SUMMARY:a\\, b\r\nCOMMENT:No\\ntime\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  const auto again = read_invitation(answer_calendar(meeting, answer));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->method, InvitationMethod::reply);
  EXPECT_EQ(again->attendees.front().participation, Participation::declined);
}

TEST(Answers, ForOneInstanceOrWithAnotherTime) {
  Invitation meeting = read("RECURRENCE-ID:20250127T130000Z\r\n");
  InvitationAnswer answer;
  EXPECT_NE(answer_calendar(meeting, answer).find("\r\nRECURRENCE-ID:20250127T130000Z\r\n"),
            std::string::npos);
  answer.instance = sys_days(2025y / 2 / 3);
  EXPECT_NE(answer_calendar(meeting, answer).find("\r\nRECURRENCE-ID:20250203T000000Z\r\n"),
            std::string::npos);
  answer.proposal = InvitationAnswer::Proposal{sys_days(2025y / 2 / 4), sys_days(2025y / 2 / 5)};
  const std::string counter = answer_calendar(meeting, answer);
  EXPECT_NE(counter.find("METHOD:COUNTER\r\n"), std::string::npos);
  EXPECT_NE(counter.find("DTSTART:20250204T000000Z\r\nDTEND:20250205T000000Z\r\n"), std::string::npos);
}

}  // namespace
}  // namespace postern::mime
