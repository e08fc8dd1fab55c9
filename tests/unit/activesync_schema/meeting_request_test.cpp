// MeetingRequest in each version's words.
#include "protocols/activesync/schema/meeting_request.h"

#include <gtest/gtest.h>

#include "protocols/activesync/schema/sync_response.h"
#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

std::string written(const MeetingRequest& meeting, ProtocolVersion version) {
  EmailProperties email;
  email.subject = "Planning";
  email.message_class = "IPM.Schedule.Meeting.Request";
  email.meeting = meeting;
  return answer([&](std::string& out) {
    SyncAnswer sync(out, version);
    sync.begin_collection({.collection_id = "7", .sync_key = "6"});
    sync.add("7:9", email);
    sync.end_collection({});
    sync.finish();
  });
}

MeetingRequest everything() {
  MeetingRequest meeting;
  meeting.start = parse_date_time("2025-01-20T13:00:00Z").value();
  meeting.end = parse_date_time("2025-01-20T14:00:00Z").value();
  meeting.made = parse_date_time("2025-01-06T09:00:00Z").value();
  meeting.instance_type = InstanceType::series;
  meeting.location = "Room";
  meeting.organizer = "olga@example.org";
  meeting.recurrence_id = meeting.start;
  meeting.reminder_s = 900;
  meeting.response_requested = true;
  meeting.recurrence.emplace();
  meeting.recurrence->type = RecurrenceType::monthly_nth;
  meeting.recurrence->until = parse_date_time("2025-06-01T00:00:00Z").value();
  meeting.recurrence->week_of_month = 5;
  meeting.recurrence->day_of_week = 32;
  meeting.time_zone = "AAAA";
  meeting.uid = "u1";
  meeting.global_obj_id = "BAAA";
  return meeting;
}

struct Case {
  ProtocolVersion version;
  std::vector<const char*> has, has_not;
};

TEST(MeetingRequest, EachVersionsElements) {
  const std::vector<Case> cases = {
      {ProtocolVersion::v12_1,
       {"<GlobalObjId>BAAA<", "<Location>Room<", "<Until>20250601T000000Z<"},
       {"UID", "MeetingMessageType", "CalendarType"}},
      {ProtocolVersion::v14_0, {"<GlobalObjId>", "CalendarType>1<"}, {"MeetingMessageType"}},
      {ProtocolVersion::v14_1, {"<GlobalObjId>", "MeetingMessageType>1<"}, {"UID"}},
      {ProtocolVersion::v16_0,
       {"<Calendar:UID>u1<", "<AirSyncBase:Location>", "<WeekOfMonth>5<"},
       {"GlobalObjId", "<Location>"}},
  };
  for (const Case& one : cases) {
    const std::string xml = written(everything(), one.version);
    for (const char* part : one.has) EXPECT_NE(xml.find(part), std::string::npos) << part << xml;
    for (const char* part : one.has_not) EXPECT_EQ(xml.find(part), std::string::npos) << part << xml;
  }
}

TEST(MeetingRequest, AWeekBeginsWhereItDoes) {
  MeetingRequest meeting = everything();
  meeting.recurrence = MeetingRecurrence();
  meeting.recurrence->type = RecurrenceType::weekly;
  meeting.recurrence->first_day_of_week = 1;
  EXPECT_NE(written(meeting, ProtocolVersion::v14_1).find("FirstDayOfWeek>1<"), std::string::npos);
  EXPECT_EQ(written(meeting, ProtocolVersion::v14_0).find("FirstDayOfWeek"), std::string::npos);
}

}  // namespace
}  // namespace postern::activesync
