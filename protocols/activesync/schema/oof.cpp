#include "protocols/activesync/schema/oof.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/schema/settings.h"

namespace postern::activesync {

namespace {

constexpr struct {
  OofAudience audience;
  Tag tag;
} kAudiences[] = {
    {OofAudience::internal, "Settings:AppliesToInternal"_tag},
    {OofAudience::external_known, "Settings:AppliesToExternalKnown"_tag},
    {OofAudience::external_unknown, "Settings:AppliesToExternalUnknown"_tag},
};

// One OofMessage element may be for several audiences: one message each.
bool read_messages(Element element, std::vector<OofMessage>& messages) {
  OofMessage message;
  std::vector<OofAudience> audiences;
  bool typed = false;
  for (const Element child : element) {
    for (const auto& row : kAudiences) {
      if (row.tag == child.tag()) audiences.push_back(row.audience);
    }
    switch (child.tag()) {
      case "Settings:Enabled"_tag: message.enabled = boolean_of(child, false).value_or(false); break;
      case "Settings:ReplyMessage"_tag: message.reply = child.text(); break;
      case "Settings:BodyType"_tag:
        typed = true;
        message.body_type = text::same(child.text(), "HTML") ? "HTML" : "Text";
        break;
      default: break;
    }
  }
  const bool without_type = !message.reply.empty() && !typed;  // R3785
  if (audiences.empty() || without_type || message.reply.size() > kOofReplyOctetsMax) return false;
  for (const OofAudience audience : audiences) {
    const bool twice = std::any_of(messages.begin(), messages.end(),
                                   [audience](const OofMessage& one) { return one.audience == audience; });
    if (twice) return false;
    message.audience = audience;
    messages.push_back(message);
  }
  return true;
}

}  // namespace

Parsed<Oof> read_oof(Element set) {
  Oof oof;
  bool stated = false;
  for (const Element child : set) {
    switch (child.tag()) {
      case "Settings:OofState"_tag: {
        const auto state = number_of(child, 2);
        if (!state) return SettingsStatus::invalid_arguments;
        oof.state = static_cast<OofState>(*state);
        stated = true;
        break;
      }
      case "Settings:StartTime"_tag:
        oof.start = parse_date_time(child.text());
        if (!oof.start) return SettingsStatus::protocol_error;
        break;
      case "Settings:EndTime"_tag:
        oof.end = parse_date_time(child.text());
        if (!oof.end) return SettingsStatus::protocol_error;
        break;
      case "Settings:OofMessage"_tag:
        if (!read_messages(child, oof.messages)) return SettingsStatus::protocol_error;
        break;
      default: break;
    }
  }
  // One without the other is refused (R3992); both are passed over if they do not count (R7544).
  if (!stated || oof.start.has_value() != oof.end.has_value()) return SettingsStatus::protocol_error;
  if (oof.state == OofState::between && (!oof.start || *oof.start >= *oof.end)) {
    return SettingsStatus::conflicting_arguments;
  }
  if (oof.state != OofState::between) oof.start = oof.end = std::nullopt;
  return oof;
}

void write_oof(Writer& out, const Oof& oof) {
  const auto get = out.open("Settings:Get"_tag);
  out.number("Settings:OofState"_tag, static_cast<std::uint8_t>(oof.state));
  if (oof.start) out.text("Settings:StartTime"_tag, format_date_time(*oof.start));
  if (oof.end) out.text("Settings:EndTime"_tag, format_date_time(*oof.end));
  for (const OofMessage& message : oof.messages) {
    const auto element = out.open("Settings:OofMessage"_tag);
    for (const auto& row : kAudiences) {
      if (row.audience == message.audience) out.empty(row.tag);
    }
    out.boolean("Settings:Enabled"_tag, message.enabled);
    if (message.reply.empty()) continue;
    out.text("Settings:ReplyMessage"_tag, message.reply);
    out.text("Settings:BodyType"_tag, message.body_type);
  }
}

}  // namespace postern::activesync
