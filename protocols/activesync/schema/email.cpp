#include "protocols/activesync/schema/email.h"

namespace postern::activesync {

namespace {

void write_text(Writer& out, Tag tag, const std::optional<std::string>& value) {
  if (value) out.text(tag, *value);
}

void write_boolean(Writer& out, Tag tag, const std::optional<bool>& value) {
  if (value) out.boolean(tag, *value);
}

void write_date(Writer& out, Tag tag, const std::optional<WallTime>& value) {
  if (value) out.text(tag, format_date_time(*value));
}

template <class Enum>
void write_enum(Writer& out, Tag tag, const std::optional<Enum>& value) {
  if (value) out.number(tag, static_cast<std::uint8_t>(*value));
}

void write_categories(Writer& out, const std::vector<std::string>& categories) {
  if (categories.empty()) return out.empty("Email:Categories"_tag);
  const auto list = out.open("Email:Categories"_tag);
  for (const std::string& one : categories) out.text("Email:Category"_tag, one);
}

}  // namespace

void write_properties(Writer& out, const EmailProperties& email, ProtocolVersion version) {
  write_text(out, "Email:To"_tag, email.to);
  write_text(out, "Email:Cc"_tag, email.cc);
  write_text(out, "Email:From"_tag, email.from);
  write_text(out, "Email:Subject"_tag, email.subject);
  write_text(out, "Email:ReplyTo"_tag, email.reply_to);
  write_date(out, "Email:DateReceived"_tag, email.date_received);
  write_text(out, "Email:DisplayTo"_tag, email.display_to);
  write_text(out, "Email:ThreadTopic"_tag, email.thread_topic);
  write_enum(out, "Email:Importance"_tag, email.importance);
  write_boolean(out, "Email:Read"_tag, email.read);
  write_attachments(out, email.attachments, version);
  if (email.body) write_body(out, *email.body, version);
  if (email.body_part && version >= ProtocolVersion::v14_1) write_body_part(out, *email.body_part);
  write_text(out, "Email:MessageClass"_tag, email.message_class);
  if (email.meeting) write_meeting_request(out, *email.meeting, version);
  if (email.internet_cpid) out.number("Email:InternetCPID"_tag, *email.internet_cpid);
  if (email.flag) write_flag(out, *email.flag);
  write_text(out, "Email:ContentClass"_tag, email.content_class);
  write_enum(out, "AirSyncBase:NativeBodyType"_tag, email.native_body_type);
  if (version < ProtocolVersion::v14_0) return;

  if (email.categories) write_categories(out, *email.categories);
  write_text(out, "Email2:ConversationId"_tag, email.conversation_id);
  write_text(out, "Email2:ConversationIndex"_tag, email.conversation_index);
  write_enum(out, "Email2:LastVerbExecuted"_tag, email.last_verb);
  write_date(out, "Email2:LastVerbExecutionTime"_tag, email.last_verb_time);
  write_boolean(out, "Email2:ReceivedAsBcc"_tag, email.received_as_bcc);
  write_text(out, "Email2:Sender"_tag, email.sender);
  if (version < ProtocolVersion::v16_0) return;

  write_text(out, "Email2:Bcc"_tag, email.bcc);
  write_boolean(out, "Email2:IsDraft"_tag, email.is_draft);
}

}  // namespace postern::activesync
