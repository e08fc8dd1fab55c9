// rooms: mime
// No calendar from a stranger upsets the readers, and the answer to one can be read again.
#include <cstdlib>
#include <string>

#include "storage/mime/invitation.h"

using namespace postern;
using namespace postern::mime;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  (void)parse_calendar_time(octets);
  (void)parse_duration(octets);
  (void)parse_recurrence(octets);
  const auto invitation = read_invitation(octets);
  if (!invitation) return 0;
  if (invitation->end < invitation->start) std::abort();
  InvitationAnswer answer;
  answer.address = "joe@example.test";
  answer.comment = invitation->summary;
  const auto again = read_invitation(answer_calendar(*invitation, answer));
  if (!again) {
    if (again.error().kind != ErrorKind::too_large) std::abort();
    return 0;
  }
  if (again->method != InvitationMethod::reply || again->attendees.size() != 1) std::abort();
  return 0;
}
