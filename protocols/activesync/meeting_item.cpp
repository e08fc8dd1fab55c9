#include "protocols/activesync/meeting_item.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"
#include "storage/mime/compose.h"
#include "storage/mime/header_writer.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kZoneNameUnits = 32;
constexpr std::uint8_t kGlobalIdClass[] = {0x04, 0x00, 0x00, 0x00, 0x82, 0x00, 0xE0, 0x00,
                                           0x74, 0xC5, 0xB7, 0x10, 0x1A, 0x82, 0xE0, 0x08};
constexpr std::size_t kLocationOctetsMax = 32'768;

void add_little_endian(std::string& out, std::uint32_t value, std::size_t octets) {
  for (std::size_t i = 0; i < octets; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

// WCHAR[32]; what is not ASCII is not told.
void add_zone_name(std::string& out, std::string_view name) {
  for (std::size_t i = 0; i < kZoneNameUnits; ++i) {
    const char c = i < name.size() && i + 1 < kZoneNameUnits ? name[i] : '\0';
    out += c >= 0 ? c : '?';
    out += '\0';
  }
}

// SYSTEMTIME as a rule: no year, the n-th weekday of a month.
void add_transition(std::string& out, const mime::ZoneObservance* rule) {
  if (rule == nullptr) return out.append(16, '\0'), void();
  const auto of_day = rule->start - std::chrono::floor<std::chrono::days>(rule->start);
  const std::chrono::hh_mm_ss clock(of_day);
  add_little_endian(out, 0, 2);
  add_little_endian(out, static_cast<unsigned>(rule->month), 2);
  add_little_endian(out, rule->weekday.c_encoding(), 2);
  add_little_endian(out, rule->week, 2);
  add_little_endian(out, static_cast<std::uint32_t>(clock.hours().count()), 2);
  add_little_endian(out, static_cast<std::uint32_t>(clock.minutes().count()), 2);
  add_little_endian(out, static_cast<std::uint32_t>(clock.seconds().count()), 2);
  add_little_endian(out, 0, 2);
}

std::string organizer_text(const mime::Attendee& organizer) {
  if (organizer.name.empty()) return organizer.address;
  std::string name = organizer.name;
  std::erase(name, '"');
  return '"' + name + "\" <" + organizer.address + '>';
}

std::optional<MeetingRecurrence> recurrence_of(const mime::Invitation& invitation) {
  if (!invitation.recurrence) return std::nullopt;
  const mime::Recurrence& rule = *invitation.recurrence;
  const auto local_start =
      std::chrono::local_seconds(invitation.start.time_since_epoch()) +
      invitation.zone.offset_at(std::chrono::local_seconds(invitation.start.time_since_epoch()));
  const auto day = std::chrono::floor<std::chrono::days>(local_start);
  const std::chrono::year_month_day date(day);
  MeetingRecurrence told;
  told.interval = rule.interval;
  told.until = invitation.recurs_until;
  told.occurrences = rule.count;
  told.first_day_of_week = rule.week_start.c_encoding();
  std::uint32_t days = 0;
  for (const mime::RecurrenceDay& one : rule.days) days |= 1U << one.weekday.c_encoding();
  const int week = rule.days.empty() ? 0 : rule.position.value_or(rule.days.front().week);
  const bool is_nth = !rule.days.empty() && week != 0;
  const auto take_nth = [&] {
    told.week_of_month = week < 0 ? 5 : static_cast<std::uint32_t>(week);
    told.day_of_week = days;
  };
  const auto take_day = [&] {
    told.day_of_month = rule.day_of_month.value_or(static_cast<unsigned>(date.day()));
  };
  switch (rule.frequency) {
    case mime::Frequency::daily:
      told.type = days == 0 ? RecurrenceType::daily : RecurrenceType::weekly;
      if (days != 0) told.day_of_week = days;
      break;
    case mime::Frequency::weekly:
      told.type = RecurrenceType::weekly;
      told.day_of_week = days != 0 ? days : 1U << std::chrono::weekday(day).c_encoding();
      break;
    case mime::Frequency::monthly:
      told.type = is_nth ? RecurrenceType::monthly_nth : RecurrenceType::monthly;
      if (is_nth) take_nth();
      if (!is_nth) take_day();
      break;
    case mime::Frequency::yearly:
      told.type = is_nth ? RecurrenceType::yearly_nth : RecurrenceType::yearly;
      told.month_of_year = rule.month.value_or(static_cast<unsigned>(date.month()));
      if (is_nth) take_nth();
      if (!is_nth) take_day();
      break;
  }
  return told;
}

std::string_view verb_of(const mime::InvitationAnswer& answer) {
  if (answer.proposal) return "New Time Proposed: ";
  switch (answer.participation) {
    case mime::Participation::accepted: return "Accepted: ";
    case mime::Participation::declined: return "Declined: ";
    case mime::Participation::tentative:
    case mime::Participation::needs_action: break;
  }
  return "Tentative: ";
}

mime::EnvelopeAddress address_of(const std::string& name, const std::string& address) {
  const std::size_t at = std::min(address.rfind('@'), address.size());
  mime::EnvelopeAddress out;
  if (!name.empty()) out.name = name;
  out.mailbox = address.substr(0, at);
  out.host = address.substr(std::min(at + 1, address.size()));
  return out;
}

}  // namespace

bool is_meeting_request(const mime::Invitation& invitation) {
  return invitation.method == mime::InvitationMethod::request ||
         invitation.method == mime::InvitationMethod::cancel;
}

std::string meeting_class(const mime::Invitation& invitation) {
  switch (invitation.method) {
    case mime::InvitationMethod::request: return "IPM.Schedule.Meeting.Request";
    case mime::InvitationMethod::cancel: return "IPM.Schedule.Meeting.Canceled";
    case mime::InvitationMethod::other: return {};
    case mime::InvitationMethod::reply: break;
  }
  const auto participation = invitation.attendees.empty() ? mime::Participation::needs_action
                                                          : invitation.attendees.front().participation;
  switch (participation) {
    case mime::Participation::accepted: return "IPM.Schedule.Meeting.Resp.Pos";
    case mime::Participation::declined: return "IPM.Schedule.Meeting.Resp.Neg";
    case mime::Participation::tentative: return "IPM.Schedule.Meeting.Resp.Tent";
    case mime::Participation::needs_action: break;
  }
  return {};
}

std::string time_zone_text(const mime::CalendarZone& zone, std::chrono::year year) {
  const mime::ZoneObservance* standard = zone.rule(false, year);
  const mime::ZoneObservance* daylight = zone.rule(true, year);
  const bool changes =
      standard != nullptr && daylight != nullptr && standard->is_yearly && daylight->is_yearly;
  const auto offset = standard != nullptr ? standard->offset_to : std::chrono::minutes(0);
  std::string out;
  add_little_endian(out, static_cast<std::uint32_t>(-static_cast<std::int32_t>(offset.count())), 4);
  add_zone_name(out, zone.name);
  add_transition(out, changes ? standard : nullptr);
  add_little_endian(out, 0, 4);
  add_zone_name(out, zone.name);
  add_transition(out, changes ? daylight : nullptr);
  const auto bias = changes ? offset - daylight->offset_to : std::chrono::minutes(0);
  add_little_endian(out, static_cast<std::uint32_t>(static_cast<std::int32_t>(bias.count())), 4);
  return text::base64(out);
}

std::string global_object_id(const mime::Invitation& invitation) {
  std::string data = "vCal-Uid";
  add_little_endian(data, 1, 4);
  data += invitation.uid;
  data += '\0';
  std::string out(std::begin(kGlobalIdClass), std::end(kGlobalIdClass));
  out.append(20, '\0');  // the instance, now, reserved
  add_little_endian(out, static_cast<std::uint32_t>(data.size()), 4);
  return text::base64(out + data);
}

MeetingRequest meeting_request(const mime::Invitation& invitation) {
  MeetingRequest meeting;
  meeting.all_day = invitation.is_all_day;
  meeting.start = invitation.start;
  meeting.end = invitation.end;
  meeting.made = invitation.made;
  meeting.recurrence_id = invitation.instance;
  meeting.recurrence = recurrence_of(invitation);
  meeting.instance_type = meeting.recurrence ? InstanceType::series : InstanceType::single;
  if (invitation.instance) meeting.instance_type = InstanceType::exception;
  meeting.location = invitation.location;
  mime::cut_utf8(meeting.location, kLocationOctetsMax);
  meeting.organizer = organizer_text(invitation.organizer);
  if (invitation.reminder) {
    meeting.reminder_s =
        static_cast<std::uint16_t>(std::min<std::int64_t>(invitation.reminder->count(), UINT16_MAX));
  }
  meeting.response_requested = invitation.method == mime::InvitationMethod::request &&
                               std::any_of(invitation.attendees.begin(), invitation.attendees.end(),
                                           [](const mime::Attendee& one) { return one.wants_answer; });
  if (invitation.confidentiality == mime::Confidentiality::personal) {
    meeting.sensitivity = Sensitivity::private_item;
  } else if (invitation.confidentiality == mime::Confidentiality::confidential) {
    meeting.sensitivity = Sensitivity::confidential;
  }
  meeting.busy_status = static_cast<BusyStatus>(invitation.free_busy);
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(invitation.start));
  meeting.time_zone = time_zone_text(invitation.zone, date.year());
  meeting.uid = invitation.uid;
  meeting.global_obj_id = global_object_id(invitation);
  if (invitation.sequence > 0) meeting.message_type = MeetingMessageType::full_update;
  return meeting;
}

std::string answer_mail(const mime::Invitation& invitation, const AnswerMail& mail) {
  const mime::InvitationAnswer& answer = mail.answer;
  const std::string subject = std::string(verb_of(answer)) + invitation.summary;
  mime::Composition composition;
  composition.header = mime::address_field("From", {address_of(answer.name, mail.from)});
  composition.header +=
      mime::address_field("To", {address_of(invitation.organizer.name, invitation.organizer.address)});
  composition.header += mime::text_field("Subject", subject);
  composition.plain = mime::text_entity("plain", answer.comment.empty() ? subject : answer.comment);
  const std::string method = "; method=" + std::string(mime::answer_method(answer));
  composition.alternatives.push_back(
      mime::text_entity("calendar", mime::answer_calendar(invitation, answer), method));
  std::string message;
  for (mime::Piece& piece : mime::compose(std::move(composition), mail.token)) message += piece.text;
  return message;
}

}  // namespace postern::activesync
