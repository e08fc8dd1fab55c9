#include "protocols/activesync/draft_message.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/email_item.h"
#include "protocols/activesync/octet_fields.h"
#include "storage/mime/address.h"
#include "storage/mime/date_time.h"
#include "storage/mime/header.h"
#include "storage/mime/header_writer.h"
#include "storage/mime/html_fragment.h"
#include "storage/mime/html_text.h"
#include "storage/mime/scanner.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kAddressesMax = 1'000;
constexpr std::size_t kTextOctetsMax = 64 * 1024 * 1024;

struct AddressLine {
  std::string_view name;
  std::optional<std::string> Draft::*value;
};
constexpr AddressLine kAddressLines[] = {{"From", &Draft::from},
                                         {"To", &Draft::to},
                                         {"Cc", &Draft::cc},
                                         {"Bcc", &Draft::bcc},
                                         {"Reply-To", &Draft::reply_to}};

// The name under which the stored message has an attachment of the client: its own Content-ID, or one made
// of its ClientId.
std::string content_id_of(const NewAttachment& attachment) {
  if (!attachment.content_id.empty()) return attachment.content_id;
  return text::hex(attachment.client_id) + "@draft";
}

std::string importance_field(Importance importance) {
  switch (importance) {
    case Importance::low: return "Importance: low\r\n";
    case Importance::high: return "Importance: high\r\n";
    case Importance::normal: break;
  }
  return {};
}

std::string own_fields(const Draft& draft, bool has_from, const DraftIdentity& identity) {
  std::string fields;
  for (const AddressLine& line : kAddressLines) {
    const std::optional<std::string>& value = draft.*line.value;
    if (value) fields += mime::address_field(line.name, mime::parse_addresses(*value, kAddressesMax));
  }
  if (!has_from && draft.from.value_or("").empty()) fields += "From: <" + identity.from + ">\r\n";
  if (draft.subject) fields += mime::text_field("Subject", *draft.subject);
  if (draft.importance) fields += importance_field(*draft.importance);
  const mime::DateTime written{std::chrono::floor<std::chrono::seconds>(identity.written), 0};
  return fields + "Date: " + mime::format_date(written) + "\r\nMessage-ID: " + identity.message_id + "\r\n";
}

// The fields that nothing is said of.
std::string kept_fields(const Draft& draft, const std::string& header) {
  std::vector<std::string> replaced = {"Date", "Message-ID"};
  for (const AddressLine& line : kAddressLines) {
    if (draft.*line.value) replaced.emplace_back(line.name);
  }
  if (draft.subject) replaced.emplace_back("Subject");
  if (draft.importance) replaced.insert(replaced.end(), {"Importance", "X-Priority"});
  const std::string fields = mime::without_content_fields(header);
  return mime::filter_fields(fields, mime::FieldSelection::all_but, replaced);
}

void take_text(const Draft& draft, mime::Composition& composition) {
  if (draft.body_type != BodyType::html) {
    composition.plain = mime::text_entity("plain", draft.body);
    return;
  }
  composition.plain = mime::text_entity("plain", mime::html_to_text(draft.body, kTextOctetsMax));
  composition.html = mime::text_entity("html", mime::without_meta_charset(draft.body));
}

bool is_removed(const Draft& draft, const AttachedPart& attached) {
  return std::any_of(draft.attachments_removed.begin(), draft.attachments_removed.end(),
                     [&attached](const std::string& reference) {
                       return reference.substr(reference.rfind('/') + 1) == attached.number;
                     });
}

mime::Entity stored_part(const mime::Part& part, const StoredDraft& before) {
  std::optional<std::string> fields;
  if (&part == &before.structure.root) fields = mime::content_fields(before.header);
  return mime::stored_entity(part, std::move(fields));
}

void keep_parts(const Draft& draft, const StoredDraft& before, mime::Composition& composition) {
  const MessageLayout layout = layout_of(before.structure.root);
  if (!draft.body_type) {
    if (layout.plain != nullptr) composition.plain = stored_part(*layout.plain, before);
    if (layout.html != nullptr) composition.html = stored_part(*layout.html, before);
  }
  for (const AttachedPart& one : layout.attachments) {
    if (is_removed(draft, one)) continue;
    std::vector<mime::Entity>& place = one.is_inline ? composition.related : composition.attached;
    place.push_back(stored_part(*one.part, before));
  }
}

void take_attachments(const Draft& draft, mime::Composition& composition) {
  for (const NewAttachment& one : draft.attachments_added) {
    mime::AttachmentLabel label;
    label.file_name = one.display_name;
    label.content_type = one.content_type;
    label.content_id = content_id_of(one);
    label.is_inline = one.is_inline;
    std::vector<mime::Entity>& place = one.is_inline ? composition.related : composition.attached;
    place.push_back(mime::attachment_entity(label, one.content));
  }
}

// The message that the device has made; its own name gives way to ours, by which a repetition is known.
mime::Composition whole_message(const Draft& draft, const DraftIdentity& identity) {
  const mime::Structure structure = mime::scan(draft.body);
  const std::string_view header = draft.body.substr(0, structure.root.header.size());
  std::vector<std::string> replaced = {"Message-ID"};
  if (draft.importance) replaced.insert(replaced.end(), {"Importance", "X-Priority"});
  mime::Composition composition;
  composition.header = "Message-ID: " + identity.message_id + "\r\n";
  if (draft.importance) composition.header += importance_field(*draft.importance);
  composition.header +=
      mime::filter_fields(mime::without_content_fields(header), mime::FieldSelection::all_but, replaced);
  composition.alternatives.push_back(
      mime::view_entity(structure.root, draft.body, mime::content_fields(header)));
  return composition;
}

}  // namespace

mime::Composition draft_composition(const Draft& draft, const StoredDraft* before,
                                    const DraftIdentity& identity) {
  mime::Composition composition;
  if (draft.body_type == BodyType::mime) {
    composition = whole_message(draft, identity);
  } else {
    if (before != nullptr) composition.header = kept_fields(draft, before->header);
    const bool has_from =
        !mime::filter_fields(composition.header, mime::FieldSelection::only, {"From"}).empty();
    composition.header += own_fields(draft, has_from, identity);
    if (draft.body_type) take_text(draft, composition);
    if (before != nullptr) keep_parts(draft, *before, composition);
  }
  take_attachments(draft, composition);
  return composition;
}

std::string draft_content(const Draft& draft) {
  OctetWriter out;
  const auto text = [&out](const std::optional<std::string>& value) {
    out.number(value ? 1 : 0);
    out.text(value.value_or(""));
  };
  for (const AddressLine& line : kAddressLines) text(draft.*line.value);
  text(draft.subject);
  out.number(draft.importance ? 1 + static_cast<std::uint64_t>(*draft.importance) : 0);
  out.number(draft.body_type ? static_cast<std::uint64_t>(*draft.body_type) : 0);
  out.text(draft.body);
  out.number(draft.attachments_added.size());
  for (const NewAttachment& one : draft.attachments_added) {
    for (const std::string* field : {&one.client_id, &one.display_name, &one.content_type, &one.content_id}) {
      out.text(*field);
    }
    out.number(one.is_inline ? 1 : 0);
    out.text(one.content);
  }
  for (const std::string& reference : draft.attachments_removed) out.text(reference);
  return out.take();
}

std::vector<Attachment> added_attachments(const Draft& draft, const mime::Structure& stored,
                                          std::string_view server_id) {
  const MessageLayout layout = layout_of(stored.root);
  std::vector<Attachment> added;
  for (const NewAttachment& one : draft.attachments_added) {
    const std::string id = content_id_of(one);
    for (const AttachedPart& attached : layout.attachments) {
      Attachment attachment = attachment_of(attached, server_id);
      if (attachment.content_id != id) continue;
      attachment.client_id = one.client_id;
      added.push_back(std::move(attachment));
      break;
    }
  }
  return added;
}

bool renumbers_attachments(const Draft& draft, const mime::Structure& before, const mime::Structure& after) {
  std::vector<std::string> then, now;
  for (const AttachedPart& one : layout_of(before.root).attachments) {
    if (!is_removed(draft, one)) then.push_back(one.number);
  }
  std::vector<std::string> added;
  for (const NewAttachment& one : draft.attachments_added) added.push_back(content_id_of(one));
  for (const AttachedPart& one : layout_of(after.root).attachments) {
    const std::string id = attachment_of(one, "").content_id;
    if (std::find(added.begin(), added.end(), id) == added.end()) now.push_back(one.number);
  }
  return then != now;
}

bool has_half_address(const Draft& draft, const mime::Structure* before) {
  const auto is_half = [](const mime::EnvelopeAddress& address) {
    return address.host && address.host->empty();
  };
  const auto any_half = [&](const std::optional<std::string>& said,
                            const std::vector<mime::EnvelopeAddress>* kept) {
    if (said) {
      const auto list = mime::parse_addresses(*said, kAddressesMax);
      return std::any_of(list.begin(), list.end(), is_half);
    }
    return kept != nullptr && std::any_of(kept->begin(), kept->end(), is_half);
  };
  const mime::Envelope* envelope = before == nullptr ? nullptr : &before->envelope;
  return any_half(draft.to, envelope == nullptr ? nullptr : &envelope->to) ||
         any_half(draft.cc, envelope == nullptr ? nullptr : &envelope->cc) ||
         any_half(draft.bcc, envelope == nullptr ? nullptr : &envelope->bcc);
}

}  // namespace postern::activesync
