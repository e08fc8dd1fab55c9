// Bodies and attachments as they go out. MS-ASAIRS sections 2.2.2.9, 2.2.2.10, 2.2.2.7 and 2.2.2.8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/protocol_version.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

struct Body {
  BodyType type = BodyType::plain_text;
  std::uint64_t estimated_size = 0;  // octets of the whole body in this type
  bool truncated = false;
  std::optional<std::string> data;    // absent: cut away whole, or in another part of the answer
  std::optional<std::uint32_t> part;  // the part of a multipart answer that holds the data
  std::string preview;                // empty: none
  friend bool operator==(const Body&, const Body&) = default;
};

enum class AttachmentMethod : std::uint8_t { normal = 1, embedded_message = 5, ole = 6 };

struct Attachment {
  std::string display_name;
  std::string file_reference;
  AttachmentMethod method = AttachmentMethod::normal;
  std::uint64_t estimated_size = 0;  // decoded octets
  std::string content_id;            // without angle brackets
  std::string content_location;
  bool is_inline = false;
  std::string client_id;  // 16.0 and later: of an attachment that the client has just added
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

void write_body(Writer& out, const Body& body, ProtocolVersion version);
void write_body_part(Writer& out, const Body& part);
// Nothing at all if there are none.
void write_attachments(Writer& out, const std::vector<Attachment>& attachments, ProtocolVersion version);

}  // namespace postern::activesync
