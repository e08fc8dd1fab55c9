// A message as the properties that a device is told, all but the body (body_render.h): from the structure
// that is stored beside the octets, so that listing a folder never touches them. MS-ASEMAIL section 2.2.2.
// An invitation's MeetingRequest is in meeting_item.h: it takes the octets of the calendar part.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "protocols/activesync/message_layout.h"
#include "protocols/activesync/schema/email.h"
#include "storage/mime/part.h"
#include "storage/model/flags.h"
#include "storage/model/message.h"

namespace postern::activesync {

struct EmailSource {
  std::string server_id;  // FileReferences begin with it
  Flags flags;
  WallTime received{};
  std::optional<FollowUpFlag> follow_up;  // as a device has set it: follow_up.h
  bool in_drafts = false;
};

// Everything but body, body_part and native_body_type. Never fails: what a message does not have is left out.
EmailProperties email_properties(const mime::Structure& structure, const MessageLayout& layout,
                                 const EmailSource& source);

// What can change of a message that a device has already: the marks.
EmailProperties email_marks(const EmailSource& source);

// A keyword that people see as a category: not IMAP's own ("$…", RFC 5788), nor what junk filters set.
bool is_category(std::string_view keyword);

Attachment attachment_of(const AttachedPart& attached, std::string_view server_id);

// "7:9/2.1": an attachment of the item 7:9.
std::string file_reference(std::string_view server_id, std::string_view part_number);
struct AttachmentPlace {
  std::string server_id;
  std::vector<std::uint32_t> part;  // for mime::find_part
};
// invalid: not one of ours.
Result<AttachmentPlace> parse_file_reference(std::string_view reference);

// "\"Alice B.\" <alice@example.org>, …", at most 32,768 octets (Email.xsd), whole addresses only.
std::string address_list(const std::vector<mime::EnvelopeAddress>& addresses);
// "Alice B.; Bob", names or, where there are none, addresses; the same bound.
std::string display_names(const std::vector<mime::EnvelopeAddress>& addresses);

}  // namespace postern::activesync
