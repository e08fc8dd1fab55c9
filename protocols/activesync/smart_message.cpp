#include "protocols/activesync/smart_message.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/body_render.h"
#include "protocols/activesync/email_item.h"
#include "storage/mime/address.h"
#include "storage/mime/decode.h"
#include "storage/mime/header.h"
#include "storage/mime/header_writer.h"
#include "storage/mime/html_fragment.h"
#include "storage/mime/html_text.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kReferencesMax = 50;  // the first, and the last of them
constexpr std::size_t kTextOctetsMax = 64 * 1024 * 1024;

struct Texts {
  std::optional<std::string> plain, html;

  std::string as_plain() const {
    if (plain) return *plain;
    return html ? mime::html_to_text(*html, kTextOctetsMax) : std::string();
  }
  std::string as_html() const {
    if (html) return *html;
    return "<html><body>" + mime::html_from_text(plain.value_or("")) + "</body></html>";
  }
};

std::string_view octets_of(std::string_view message, mime::OctetRange range) {
  return message.substr(range.begin, range.size());
}

Texts texts_of(const DeviceMessage& device, const MessageLayout& layout) {
  Texts texts;
  if (layout.plain != nullptr) {
    texts.plain = source_text(*layout.plain, octets_of(device.octets, layout.plain->body));
  }
  if (layout.html != nullptr) {
    const std::string html = source_text(*layout.html, octets_of(device.octets, layout.html->body));
    texts.html = mime::without_meta_charset(html);
  }
  return texts;
}

Texts texts_of(const StoredMessage& stored, const MessageLayout& layout) {
  Texts texts;
  if (layout.plain != nullptr) texts.plain = source_text(*layout.plain, stored.plain);
  if (layout.html != nullptr) {
    texts.html = mime::without_meta_charset(source_text(*layout.html, stored.html));
  }
  return texts;
}

// Who wrote the old text, when and to whom.
using Attribution = std::vector<std::pair<std::string_view, std::string>>;
Attribution attribution_of(const mime::Envelope& envelope) {
  Attribution lines;
  const auto add = [&lines](std::string_view label, std::string value) {
    if (!value.empty()) lines.emplace_back(label, std::move(value));
  };
  add("From", mime::display(envelope.from));
  add("Sent", mime::decode_text(envelope.date.value_or("")));
  add("To", mime::display(envelope.to));
  add("Cc", mime::display(envelope.cc));
  add("Subject", mime::decode_text(envelope.subject.value_or("")));
  return lines;
}

std::string plain_quote(const Attribution& attribution, const Texts& old) {
  std::string quote = "\r\n\r\n-----Original Message-----\r\n";
  for (const auto& [label, value] : attribution) quote += std::string(label) + ": " + value + "\r\n";
  return quote + "\r\n" + old.as_plain();
}

std::string html_quote(const Attribution& attribution, const Texts& old) {
  std::string quote = "\r\n<br><hr><div>";
  for (const auto& [label, value] : attribution) {
    quote += "<b>" + std::string(label) + ":</b> " + mime::html_from_text(value) + "<br>\r\n";
  }
  quote += "</div><br>\r\n<div>";
  quote += old.html ? mime::html_content(*old.html) : mime::html_from_text(old.plain.value_or(""));
  return quote + "</div>\r\n";
}

bool shows(const std::string& html, const mime::Part& part) {
  std::string_view id = text::trim(*part.id);
  if (id.starts_with('<') && id.ends_with('>')) id = id.substr(1, id.size() - 2);
  return !id.empty() && html.find("cid:" + std::string(id)) != std::string::npos;
}

bool is_attached(const MessageLayout& layout, const mime::Part* part) {
  return std::any_of(layout.attachments.begin(), layout.attachments.end(),
                     [part](const AttachedPart& one) { return one.part == part; });
}

// An invitation that is another form of the text and no attachment.
const mime::Part* calendar_form(const MessageLayout& layout) {
  return is_attached(layout, layout.calendar) ? nullptr : layout.calendar;
}

void take_device_parts(const DeviceMessage& device, const MessageLayout& layout,
                       mime::Composition& composition) {
  for (const AttachedPart& one : layout.attachments) {
    const bool is_all = one.part == &device.structure.root;
    std::optional<std::string> fields;
    if (is_all) fields = mime::content_fields(octets_of(device.octets, one.part->header));
    std::vector<mime::Entity>& place = one.is_inline ? composition.related : composition.attached;
    place.push_back(mime::view_entity(*one.part, device.octets, std::move(fields)));
  }
  const mime::Part* calendar = calendar_form(layout);
  if (calendar != nullptr) composition.alternatives.push_back(mime::view_entity(*calendar, device.octets));
}

void take_stored_parts(SendKind kind, const StoredMessage& stored, const MessageLayout& layout,
                       const std::string& html, mime::Composition& composition) {
  for (const AttachedPart& one : layout.attachments) {
    const bool is_shown = one.is_inline && shows(html, *one.part);
    if (kind == SendKind::reply && !is_shown) continue;
    std::optional<std::string> fields;
    if (one.part == &stored.structure.root) fields = mime::content_fields(stored.header);
    std::vector<mime::Entity>& place = is_shown ? composition.related : composition.attached;
    place.push_back(mime::stored_entity(*one.part, std::move(fields)));
  }
  // Who gets the forward is to be able to answer.
  const mime::Part* calendar = kind == SendKind::forward ? calendar_form(layout) : nullptr;
  if (calendar != nullptr) composition.alternatives.push_back(mime::stored_entity(*calendar));
}

bool goes_whole(SendKind kind, const MessageLayout& layout) {
  const auto is_large = [](const mime::Part* text) {
    return text != nullptr && text->body.size() > kQuotedOctetsMax;
  };
  return kind == SendKind::forward && (layout.smime || is_large(layout.plain) || is_large(layout.html));
}

std::string file_name_of(const mime::Structure& structure) {
  const std::string subject = mime::decode_text(structure.envelope.subject.value_or(""));
  return (subject.empty() ? "message" : subject) + ".eml";
}

std::optional<std::string_view> list_field(const mime::Structure& structure, std::string_view name) {
  for (const mime::ListHeader& field : structure.list_headers) {
    const std::size_t colon = field.raw.find(':');
    if (text::same(field.name, name) && colon != std::string::npos) {
      return std::string_view(field.raw).substr(colon + 1);
    }
  }
  return std::nullopt;
}

}  // namespace

mime::OctetRange quoted_range(const mime::Part* text) {
  if (text == nullptr) return {};
  return {text->body.begin, text->body.begin + std::min(text->body.size(), kQuotedOctetsMax)};
}

bool must_stay_whole(const DeviceMessage& message) {
  return layout_of(message.structure.root).smime;
}

std::string thread_fields(const mime::Structure& device, const mime::Structure& stored) {
  const auto own = mime::message_ids(stored.envelope.message_id.value_or(""));
  if (own.empty()) return {};
  std::string fields;
  if (!list_field(device, "In-Reply-To")) fields += mime::id_field("In-Reply-To", {own.front()});
  if (list_field(device, "References")) return fields;
  std::vector<std::string> ids = mime::message_ids(list_field(stored, "References").value_or(""));
  if (ids.empty()) ids = mime::message_ids(stored.envelope.in_reply_to.value_or(""));
  if (ids.size() >= kReferencesMax) {
    ids.erase(ids.begin() + 1, ids.end() - static_cast<std::ptrdiff_t>(kReferencesMax - 2));
  }
  ids.push_back(own.front());
  return fields + mime::id_field("References", ids);
}

mime::Composition smart_composition(SendKind kind, const DeviceMessage& device, const StoredMessage& stored) {
  const MessageLayout device_layout = layout_of(device.structure.root);
  const MessageLayout stored_layout = layout_of(stored.structure.root);
  mime::Composition composition;
  composition.header = thread_fields(device.structure, stored.structure);
  composition.header += mime::without_content_fields(octets_of(device.octets, device.structure.root.header));
  Texts texts = texts_of(device, device_layout);
  if (goes_whole(kind, stored_layout)) {
    if (texts.plain) composition.plain = mime::text_entity("plain", *texts.plain);
    if (texts.html) composition.html = mime::text_entity("html", *texts.html);
    take_device_parts(device, device_layout, composition);
    composition.attached.push_back(
        mime::stored_message_entity(file_name_of(stored.structure), stored.octets));
    return composition;
  }
  const Texts old = texts_of(stored, stored_layout);
  const Attribution attribution = attribution_of(stored.structure.envelope);
  composition.plain = mime::text_entity("plain", texts.as_plain() + plain_quote(attribution, old));
  std::string html;
  if (texts.html || old.html) {
    html = mime::html_with_appendix(texts.as_html(), html_quote(attribution, old));
    composition.html = mime::text_entity("html", html);
  }
  take_device_parts(device, device_layout, composition);
  take_stored_parts(kind, stored, stored_layout, html, composition);
  return composition;
}

std::string forwarded_meeting(const std::string& from, const SendRequest& request,
                              const mime::Structure& stored) {
  std::vector<mime::EnvelopeAddress> to;
  for (const Forwardee& one : request.forwardees) {
    std::vector<mime::EnvelopeAddress> address = mime::parse_addresses(one.email, 1);
    if (address.empty() || address.front().host.value_or("").empty()) continue;
    if (!one.name.empty()) address.front().name = one.name;
    to.push_back(std::move(address.front()));
  }
  std::string message = "From: <" + from + ">\r\n" + mime::address_field("To", to);
  message += mime::text_field("Subject", "FW: " + mime::decode_text(stored.envelope.subject.value_or("")));
  const bool is_html = request.body_type == BodyType::html;
  for (const mime::Piece& piece : mime::text_entity(is_html ? "html" : "plain", request.body).pieces) {
    message += piece.text;
  }
  return message;
}

}  // namespace postern::activesync
