#include "protocols/activesync/schema/email_change.h"

namespace postern::activesync {

namespace {

std::optional<std::vector<std::string>> read_categories(Element element) {
  std::vector<std::string> categories;
  for (const Element child : element) {
    if (child.tag() != "Email:Category"_tag || child.text().empty()) continue;
    auto name = text_of(child, kTextOctetsMax);
    if (!name || categories.size() == kCategoriesMax) return std::nullopt;
    categories.push_back(*std::move(name));
  }
  return categories;
}

bool read_body(Element element, Draft& draft) {
  for (const Element child : element) {
    if (child.tag() == "AirSyncBase:Data"_tag) draft.body = child.text();
    if (child.tag() != "AirSyncBase:Type"_tag) continue;
    const auto type = number_of(child, static_cast<std::uint32_t>(BodyType::mime));
    if (!type || *type == 0 || *type == static_cast<std::uint32_t>(BodyType::rtf)) return false;
    draft.body_type = static_cast<BodyType>(*type);
  }
  return draft.body_type.has_value();
}

bool read_new_attachment(Element element, Draft& draft) {
  NewAttachment attachment;
  for (const Element child : element) {
    const auto text = [child] { return text_of(child, kTextOctetsMax).value_or(""); };
    switch (child.tag()) {
      case "AirSyncBase:ClientId"_tag: attachment.client_id = text(); break;
      case "AirSyncBase:DisplayName"_tag: attachment.display_name = text(); break;
      case "AirSyncBase:ContentType"_tag: attachment.content_type = text(); break;
      case "AirSyncBase:ContentId"_tag: attachment.content_id = text(); break;
      case "AirSyncBase:IsInline"_tag: attachment.is_inline = boolean_of(child, true).value_or(false); break;
      case "AirSyncBase:Content"_tag: attachment.content = child.text(); break;
      default: break;
    }
  }
  draft.attachments_added.push_back(std::move(attachment));
  return !draft.attachments_added.back().client_id.empty();
}

bool read_attachments(Element element, Draft& draft) {
  for (const Element child : element) {
    if (draft.attachments_added.size() + draft.attachments_removed.size() == kDraftAttachmentsMax)
      return false;
    if (child.tag() == "AirSyncBase:Add"_tag && !read_new_attachment(child, draft)) return false;
    if (child.tag() != "AirSyncBase:Delete"_tag) continue;
    const auto reference = child.find("AirSyncBase:FileReference"_tag);
    if (!reference || reference->text().empty()) return false;
    draft.attachments_removed.emplace_back(reference->text());
  }
  return true;
}

bool take_text(Element element, std::optional<std::string>& field) {
  if (element.text().size() > kAddressListOctetsMax) return false;
  field = element.text();
  return true;
}

enum class DraftField : std::uint8_t { taken, wrong, unknown };

DraftField take_draft_field(Element child, Draft& draft) {
  const auto taken = [](bool well) { return well ? DraftField::taken : DraftField::wrong; };
  switch (child.tag()) {
    case "Email:To"_tag: return taken(take_text(child, draft.to));
    case "Email:Cc"_tag: return taken(take_text(child, draft.cc));
    case "Email2:Bcc"_tag: return taken(take_text(child, draft.bcc));
    case "Email:From"_tag: return taken(take_text(child, draft.from));
    case "Email:ReplyTo"_tag: return taken(take_text(child, draft.reply_to));
    case "Email:Subject"_tag: return taken(take_text(child, draft.subject));
    case "Email:Importance"_tag: {
      const auto importance = number_of(child, 2);
      if (importance) draft.importance = static_cast<Importance>(*importance);
      return taken(importance.has_value());
    }
    case "AirSyncBase:Body"_tag: return taken(read_body(child, draft));
    case "AirSyncBase:Attachments"_tag: return taken(read_attachments(child, draft));
    default: return DraftField::unknown;
  }
}

}  // namespace

std::optional<EmailChange> read_email_change(Element application_data) {
  EmailChange change;
  Draft draft;
  for (const Element child : application_data) {
    switch (child.tag()) {
      case "Email:Read"_tag:
        change.read = boolean_of(child, true);
        if (!change.read) return std::nullopt;
        break;
      case "Email:Flag"_tag:
        change.flag = read_flag(child);
        if (!change.flag) return std::nullopt;
        break;
      case "Email:Categories"_tag:
        change.categories = read_categories(child);
        if (!change.categories) return std::nullopt;
        break;
      default:
        switch (take_draft_field(child, draft)) {
          case DraftField::taken: change.draft.emplace(); break;
          case DraftField::wrong: return std::nullopt;
          case DraftField::unknown: break;
        }
    }
  }
  if (change.draft) change.draft = std::move(draft);
  return change;
}

}  // namespace postern::activesync
