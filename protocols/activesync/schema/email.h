// The properties of a message as a device sees them: what stands in ApplicationData and in Properties.
// MS-ASEMAIL section 2.2.2. Which of them a version knows is decided here, when they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/schema/body.h"
#include "protocols/activesync/schema/email_flag.h"
#include "protocols/activesync/schema/meeting_request.h"
#include "protocols/activesync/schema/protocol_version.h"

namespace postern::activesync {

enum class Importance : std::uint8_t { low = 0, normal = 1, high = 2 };

// MS-ASEMAIL section 2.2.2.43
enum class LastVerb : std::uint8_t { unknown = 0, replied = 1, replied_to_all = 2, forwarded = 3 };

// What is absent is not written: a change of the read flag alone has `read` and nothing else.
struct EmailProperties {
  std::optional<std::string> to, cc, from, subject, reply_to, display_to, thread_topic;
  std::optional<WallTime> date_received;
  std::optional<Importance> importance;
  std::optional<bool> read;
  std::optional<std::string> message_class;  // "IPM.Note"
  std::optional<MeetingRequest> meeting;
  std::optional<std::uint32_t> internet_cpid;
  std::optional<FollowUpFlag> flag;
  std::optional<std::string> content_class;            // "urn:content-classes:message"
  std::optional<std::vector<std::string>> categories;  // 14.0 and later, as are the next six
  std::optional<std::string> conversation_id;
  std::optional<std::string> conversation_index;
  std::optional<LastVerb> last_verb;
  std::optional<WallTime> last_verb_time;
  std::optional<bool> received_as_bcc;
  std::optional<std::string> sender;
  std::optional<std::string> bcc;  // 16.0 and later, as is the next
  std::optional<bool> is_draft;
  std::vector<Attachment> attachments;
  std::optional<Body> body;
  std::optional<Body> body_part;  // 14.1 and later
  std::optional<BodyType> native_body_type;
};

void write_properties(Writer& out, const EmailProperties& email, ProtocolVersion version);

}  // namespace postern::activesync
