// An invitation in mail as the item that a device can answer, and its answer as mail. MS-ASEMAIL
// section 2.2.2.48, MS-ASCMD section 2.2.1.11, RFC 6047. Pure; reading the calendar is
// storage/mime/invitation.h's.
#pragma once

#include <string>
#include <string_view>

#include "protocols/activesync/schema/meeting_request.h"
#include "protocols/activesync/schema/meeting_response.h"
#include "storage/mime/invitation.h"

namespace postern::activesync {

MeetingRequest meeting_request(const mime::Invitation& invitation);

// "IPM.Schedule.Meeting.Request"; empty: it is no meeting message that a device knows.
std::string meeting_class(const mime::Invitation& invitation);
// Only what can be answered, or takes back what was, is shown as a MeetingRequest.
bool is_meeting_request(const mime::Invitation& invitation);

// Base64 of the TIME_ZONE_INFORMATION of a zone in a year (MS-ASDTYPE section 2.7.5).
std::string time_zone_text(const mime::CalendarZone& zone, std::chrono::year year);
// Base64 of "vCal-Uid" and the UID (MS-ASEMAIL section 2.2.2.37).
std::string global_object_id(const mime::Invitation& invitation);

// The whole message to the organizer, ready to be sent. `from` is the address of who answers.
struct AnswerMail {
  std::string from;
  mime::InvitationAnswer answer;
  std::string token;  // as for mime::compose
};
std::string answer_mail(const mime::Invitation& invitation, const AnswerMail& mail);

}  // namespace postern::activesync
