#include "protocols/activesync/schema/body.h"

#include <algorithm>

namespace postern::activesync {

namespace {

void write_content(Writer& out, const Body& body) {
  out.number("AirSyncBase:Type"_tag, static_cast<std::uint8_t>(body.type));
  out.number("AirSyncBase:EstimatedDataSize"_tag, std::min<std::uint64_t>(body.estimated_size, UINT32_MAX));
  if (body.truncated) out.boolean("AirSyncBase:Truncated"_tag, true);
  if (body.data) out.text("AirSyncBase:Data"_tag, *body.data);
}

}  // namespace

void write_body(Writer& out, const Body& body, ProtocolVersion version) {
  const auto element = out.open("AirSyncBase:Body"_tag);
  write_content(out, body);
  if (version >= ProtocolVersion::v14_0 && !body.preview.empty()) {
    out.text("AirSyncBase:Preview"_tag, body.preview);
  }
  if (body.part) out.number("ItemOperations:Part"_tag, *body.part);
}

void write_body_part(Writer& out, const Body& part) {
  const auto element = out.open("AirSyncBase:BodyPart"_tag);
  out.number("AirSyncBase:Status"_tag, 1);
  write_content(out, part);
  if (!part.preview.empty()) out.text("AirSyncBase:Preview"_tag, part.preview);
}

void write_attachments(Writer& out, const std::vector<Attachment>& attachments, ProtocolVersion version) {
  if (attachments.empty()) return;
  const auto list = out.open("AirSyncBase:Attachments"_tag);
  for (const Attachment& one : attachments) {
    const auto element = out.open("AirSyncBase:Attachment"_tag);
    if (!one.display_name.empty()) out.text("AirSyncBase:DisplayName"_tag, one.display_name);
    out.text("AirSyncBase:FileReference"_tag, one.file_reference);
    if (version >= ProtocolVersion::v16_0 && !one.client_id.empty()) {
      out.text("AirSyncBase:ClientId"_tag, one.client_id);
    }
    out.number("AirSyncBase:Method"_tag, static_cast<std::uint8_t>(one.method));
    out.number("AirSyncBase:EstimatedDataSize"_tag, std::min<std::uint64_t>(one.estimated_size, UINT32_MAX));
    if (!one.content_id.empty()) out.text("AirSyncBase:ContentId"_tag, one.content_id);
    if (!one.content_location.empty()) out.text("AirSyncBase:ContentLocation"_tag, one.content_location);
    if (one.is_inline) out.boolean("AirSyncBase:IsInline"_tag, true);
  }
}

}  // namespace postern::activesync
