#include "protocols/activesync/schema/meeting_request.h"

namespace postern::activesync {

namespace {

void write_number(Writer& out, Tag tag, std::optional<std::uint32_t> value) {
  if (value) out.number(tag, *value);
}

void write_recurrence(Writer& out, const MeetingRecurrence& recurrence, ProtocolVersion version) {
  const auto list = out.open("Email:Recurrences"_tag);
  const auto element = out.open("Email:Recurrence"_tag);
  out.number("Email:Type"_tag, static_cast<std::uint8_t>(recurrence.type));
  out.number("Email:Interval"_tag, recurrence.interval);
  if (recurrence.until) out.text("Email:Until"_tag, format_compact_date_time(*recurrence.until));
  write_number(out, "Email:Occurrences"_tag, recurrence.occurrences);
  write_number(out, "Email:WeekOfMonth"_tag, recurrence.week_of_month);
  write_number(out, "Email:DayOfMonth"_tag, recurrence.day_of_month);
  write_number(out, "Email:DayOfWeek"_tag, recurrence.day_of_week);
  write_number(out, "Email:MonthOfYear"_tag, recurrence.month_of_year);
  const bool has_calendar = recurrence.type >= RecurrenceType::monthly;
  if (has_calendar && version >= ProtocolVersion::v14_0)
    out.number("Email2:CalendarType"_tag, 1);  // Gregorian
  if (recurrence.type == RecurrenceType::weekly && version >= ProtocolVersion::v14_1) {
    out.number("Email2:FirstDayOfWeek"_tag, recurrence.first_day_of_week);
  }
}

void write_location(Writer& out, const std::string& location, ProtocolVersion version) {
  if (location.empty()) return;
  if (version < ProtocolVersion::v16_0) return out.text("Email:Location"_tag, location);
  const auto element = out.open("AirSyncBase:Location"_tag);
  out.text("AirSyncBase:DisplayName"_tag, location);
}

}  // namespace

void write_meeting_request(Writer& out, const MeetingRequest& meeting, ProtocolVersion version) {
  const auto element = out.open("Email:MeetingRequest"_tag);
  out.boolean("Email:AllDayEvent"_tag, meeting.all_day);
  out.text("Email:StartTime"_tag, format_date_time(meeting.start));
  out.text("Email:DtStamp"_tag, format_date_time(meeting.made));
  out.text("Email:EndTime"_tag, format_date_time(meeting.end));
  out.number("Email:InstanceType"_tag, static_cast<std::uint8_t>(meeting.instance_type));
  write_location(out, meeting.location, version);
  if (!meeting.organizer.empty()) out.text("Email:Organizer"_tag, meeting.organizer);
  if (meeting.recurrence_id) out.text("Email:RecurrenceId"_tag, format_date_time(*meeting.recurrence_id));
  if (meeting.reminder_s) out.number("Email:Reminder"_tag, *meeting.reminder_s);
  out.boolean("Email:ResponseRequested"_tag, meeting.response_requested);
  if (meeting.recurrence) write_recurrence(out, *meeting.recurrence, version);
  out.number("Email:Sensitivity"_tag, static_cast<std::uint8_t>(meeting.sensitivity));
  out.number("Email:BusyStatus"_tag, static_cast<std::uint8_t>(meeting.busy_status));
  out.text("Email:TimeZone"_tag, meeting.time_zone);
  if (version < ProtocolVersion::v16_0) out.text("Email:GlobalObjId"_tag, meeting.global_obj_id);
  if (version >= ProtocolVersion::v14_1) {
    out.number("Email2:MeetingMessageType"_tag, static_cast<std::uint8_t>(meeting.message_type));
  }
  if (version >= ProtocolVersion::v16_0) out.text("Calendar:UID"_tag, meeting.uid);
}

}  // namespace postern::activesync
