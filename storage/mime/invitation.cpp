#include "storage/mime/invitation.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::mime {

namespace {

using std::chrono::sys_seconds;

constexpr std::size_t kUidOctetsMax = 1024;
constexpr std::chrono::days kMeetingMax(3'660);

struct NamedMethod {
  std::string_view name;
  InvitationMethod method;
};
constexpr NamedMethod kMethods[] = {{"REQUEST", InvitationMethod::request},
                                    {"CANCEL", InvitationMethod::cancel},
                                    {"REPLY", InvitationMethod::reply}};

struct NamedParticipation {
  std::string_view name;
  Participation participation;
};
constexpr NamedParticipation kParticipations[] = {{"ACCEPTED", Participation::accepted},
                                                  {"DECLINED", Participation::declined},
                                                  {"TENTATIVE", Participation::tentative},
                                                  {"NEEDS-ACTION", Participation::needs_action}};

std::string_view name_of(Participation participation) {
  for (const NamedParticipation& row : kParticipations) {
    if (row.participation == participation) return row.name;
  }
  return {};
}

Attendee read_attendee(const CalendarProperty& property) {
  Attendee attendee;
  attendee.name = property.parameter("CN");
  std::string_view address = text::trim(property.value);
  if (text::starts_with_same(address, "mailto:")) address.remove_prefix(std::string_view("mailto:").size());
  attendee.address = address;
  for (const NamedParticipation& row : kParticipations) {
    if (text::same(property.parameter("PARTSTAT"), row.name)) attendee.participation = row.participation;
  }
  attendee.wants_answer = text::same(property.parameter("RSVP"), "TRUE");
  return attendee;
}

class MeetingReader {
 public:
  explicit MeetingReader(const CalendarComponent& calendar) : calendar_(calendar) {}

  Result<Invitation> read() {
    for (const NamedMethod& row : kMethods) {
      if (text::same(calendar_.text_of("METHOD"), row.name)) invitation_.method = row.method;
    }
    const CalendarComponent* event = nullptr;
    for (const CalendarComponent& child : calendar_.children) {
      if (child.name == "VTIMEZONE") zones_.push_back(read_zone(child));
      // Of a series with exceptions, the series.
      const bool is_better = event == nullptr || (event->find("RECURRENCE-ID") != nullptr &&
                                                  child.find("RECURRENCE-ID") == nullptr);
      if (child.name == "VEVENT" && is_better) event = &child;
    }
    if (event == nullptr) return Error(ErrorKind::invalid, "no meeting in the calendar");
    TRY_VOID(take_times(*event));
    take_people(*event);
    take_rest(*event);
    if (invitation_.uid.empty() || invitation_.uid.size() > kUidOctetsMax) {
      return Error(ErrorKind::invalid, "a meeting without a name");
    }
    return std::move(invitation_);
  }

 private:
  const CalendarZone* zone_named(std::string_view name) const {
    const auto found = std::find_if(zones_.begin(), zones_.end(),
                                    [name](const CalendarZone& one) { return one.name == name; });
    return found == zones_.end() ? nullptr : &*found;
  }

  std::optional<sys_seconds> time_of(const CalendarProperty* property) const {
    const auto time = property == nullptr ? std::nullopt : parse_calendar_time(property->value);
    if (!time) return std::nullopt;
    const CalendarZone* zone = zone_named(property->parameter("TZID"));
    if (time->is_utc || zone == nullptr) return sys_seconds(time->local.time_since_epoch());
    return zone->to_utc(time->local);
  }

  Result<void> take_times(const CalendarComponent& event) {
    const CalendarProperty* property = event.find("DTSTART");
    const auto start = time_of(property);
    if (!start) return Error(ErrorKind::invalid, "a meeting without a start");
    invitation_.start = *start;
    invitation_.is_all_day = parse_calendar_time(property->value)->is_date;
    if (const CalendarZone* zone = zone_named(property->parameter("TZID"))) invitation_.zone = *zone;
    const auto end = time_of(event.find("DTEND"));
    const auto duration = parse_duration(event.text_of("DURATION"));
    invitation_.end = *start + (invitation_.is_all_day ? std::chrono::days(1) : std::chrono::days(0));
    if (end || duration) invitation_.end = end ? *end : *start + *duration;
    invitation_.end = std::clamp(invitation_.end, *start, *start + kMeetingMax);
    invitation_.made = time_of(event.find("DTSTAMP")).value_or(*start);
    invitation_.instance = time_of(event.find("RECURRENCE-ID"));
    invitation_.recurrence = parse_recurrence(event.text_of("RRULE"));
    const bool has_end = invitation_.recurrence && invitation_.recurrence->until;
    if (!has_end) return {};
    const CalendarTime until = *invitation_.recurrence->until;
    const bool in_zone = !until.is_utc && !invitation_.zone.observances.empty();
    invitation_.recurs_until =
        in_zone ? invitation_.zone.to_utc(until.local) : sys_seconds(until.local.time_since_epoch());
    return {};
  }

  void take_people(const CalendarComponent& event) {
    if (const CalendarProperty* organizer = event.find("ORGANIZER")) {
      invitation_.organizer = read_attendee(*organizer);
    }
    for (const CalendarProperty& property : event.properties) {
      if (property.name != "ATTENDEE" || invitation_.attendees.size() == kAttendeesMax) continue;
      invitation_.attendees.push_back(read_attendee(property));
    }
  }

  void take_rest(const CalendarComponent& event) {
    invitation_.uid = event.text_of("UID");
    invitation_.summary = event.text_of("SUMMARY");
    invitation_.location = event.text_of("LOCATION");
    const auto sequence = text::number(event.text_of("SEQUENCE"), INT32_MAX);
    invitation_.sequence = static_cast<std::uint32_t>(sequence.value_or(0));
    const std::string confidentiality = event.text_of("CLASS");
    if (text::same(confidentiality, "PRIVATE")) invitation_.confidentiality = Confidentiality::personal;
    if (text::same(confidentiality, "CONFIDENTIAL")) {
      invitation_.confidentiality = Confidentiality::confidential;
    }
    take_free_busy(event);
    const CalendarProperty* instance = event.find("RECURRENCE-ID");
    if (instance != nullptr && invitation_.instance) {
      invitation_.instance_line = "RECURRENCE-ID";
      for (const Parameter& one : instance->parameters) {
        if (one.name == "VALUE") invitation_.instance_line += ";VALUE=" + one.value;
      }
      const auto time = parse_calendar_time(instance->value);
      invitation_.instance_line +=
          ':' + (time && time->is_date ? instance->value : calendar_time_text(*invitation_.instance));
    }
    for (const CalendarComponent& alarm : event.children) {
      const auto before = parse_duration(alarm.text_of("TRIGGER"));
      if (before && *before <= std::chrono::seconds(0)) invitation_.reminder = -*before;
    }
  }

  void take_free_busy(const CalendarComponent& event) {
    if (text::same(event.text_of("TRANSP"), "TRANSPARENT")) invitation_.free_busy = FreeBusy::free;
    const std::string status = event.text_of("X-MICROSOFT-CDO-INTENDEDSTATUS");
    if (text::same(status, "FREE")) invitation_.free_busy = FreeBusy::free;
    if (text::same(status, "TENTATIVE")) invitation_.free_busy = FreeBusy::tentative;
    if (text::same(status, "OOF")) invitation_.free_busy = FreeBusy::out_of_office;
  }

  const CalendarComponent& calendar_;
  std::vector<CalendarZone> zones_;
  Invitation invitation_;
};

// A parameter's value must not end its line or its quotes (RFC 5545 §3.2).
std::string quoted_parameter(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || (c >= 0 && c < ' ')) continue;
    out += c;
  }
  return out + '"';
}

std::string person_line(std::string_view property, const std::string& name, const std::string& address,
                        std::string_view more = {}) {
  std::string line(property);
  line += more;
  if (!name.empty()) line += ";CN=" + quoted_parameter(name);
  return calendar_line(line + ":mailto:" + address);
}

}  // namespace

Result<Invitation> read_invitation(std::string_view utf8) {
  TRY(const CalendarComponent calendar, read_calendar(utf8));
  return MeetingReader(calendar).read();
}

std::string_view answer_method(const InvitationAnswer& answer) {
  return answer.proposal ? "COUNTER" : "REPLY";
}

std::string answer_calendar(const Invitation& invitation, const InvitationAnswer& answer) {
  const auto times = answer.proposal.value_or(InvitationAnswer::Proposal{invitation.start, invitation.end});
  std::string out = "BEGIN:VCALENDAR\r\nPRODID:-//Postern//EN\r\nVERSION:2.0\r\n";
  out += calendar_line("METHOD:" + std::string(answer_method(answer)));
  out += "BEGIN:VEVENT\r\n";
  out += calendar_line("UID:" + calendar_text(invitation.uid));
  out += calendar_line("SEQUENCE:" + std::to_string(invitation.sequence));
  out += calendar_line("DTSTAMP:" + calendar_time_text(answer.made));
  out += calendar_line("DTSTART:" + calendar_time_text(times.start));
  out += calendar_line("DTEND:" + calendar_time_text(times.end));
  if (answer.instance) {
    out += calendar_line("RECURRENCE-ID:" + calendar_time_text(*answer.instance));
  } else if (!invitation.instance_line.empty()) {
    out += calendar_line(invitation.instance_line);
  }
  out += person_line("ORGANIZER", invitation.organizer.name, invitation.organizer.address);
  const std::string state = ";PARTSTAT=" + std::string(name_of(answer.participation));
  out += person_line("ATTENDEE", answer.name, answer.address, state);
  if (!invitation.summary.empty()) out += calendar_line("SUMMARY:" + calendar_text(invitation.summary));
  if (!answer.comment.empty()) out += calendar_line("COMMENT:" + calendar_text(answer.comment));
  return out + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

}  // namespace postern::mime
