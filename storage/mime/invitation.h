// Invitations as mail brings them and as their answers go back: iTIP in a text/calendar part (RFC 5546,
// RFC 6047). One meeting of one message; what else a calendar may hold is passed over.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/mime/calendar_zone.h"
#include "storage/mime/recurrence.h"

namespace postern::mime {

constexpr std::size_t kAttendeesMax = 1'000;

enum class InvitationMethod : std::uint8_t { request, cancel, reply, other };
enum class Participation : std::uint8_t { needs_action, accepted, declined, tentative };
enum class Confidentiality : std::uint8_t { normal, personal, confidential };
enum class FreeBusy : std::uint8_t { free, tentative, busy, out_of_office };

struct Attendee {
  std::string name;
  std::string address;
  Participation participation = Participation::needs_action;
  bool wants_answer = false;
};

struct Invitation {
  InvitationMethod method = InvitationMethod::other;
  std::string uid;
  std::uint32_t sequence = 0;
  std::string summary, location;
  Attendee organizer;
  std::vector<Attendee> attendees;
  std::chrono::sys_seconds made{};  // DTSTAMP
  std::chrono::sys_seconds start{};
  std::chrono::sys_seconds end{};  // not before start
  bool is_all_day = false;
  std::optional<std::chrono::sys_seconds> instance;  // RECURRENCE-ID
  std::optional<Recurrence> recurrence;
  std::optional<std::chrono::sys_seconds> recurs_until;
  std::optional<std::chrono::seconds> reminder;  // before the start
  Confidentiality confidentiality = Confidentiality::normal;
  FreeBusy free_busy = FreeBusy::busy;
  CalendarZone zone;          // that the meeting's times are told in; without observances: UTC
  std::string instance_line;  // RECURRENCE-ID as it stood, for the answer
};

// Of a text/calendar part in UTF-8. invalid: no calendar, no meeting in it, or one without UID or start;
// too_large.
Result<Invitation> read_invitation(std::string_view utf8);

struct InvitationAnswer {
  Participation participation = Participation::accepted;
  std::string address, name;  // of who answers
  std::string comment;
  std::chrono::sys_seconds made{};
  std::optional<std::chrono::sys_seconds> instance;  // of a series, if the answer is for one only
  struct Proposal {
    std::chrono::sys_seconds start{}, end{};
  };
  std::optional<Proposal> proposal;  // another time: a COUNTER (RFC 5546 §3.2.7)
};

// The VCALENDAR that goes to the organizer, and its method: "REPLY" or "COUNTER".
std::string answer_calendar(const Invitation& invitation, const InvitationAnswer& answer);
std::string_view answer_method(const InvitationAnswer& answer);

}  // namespace postern::mime
