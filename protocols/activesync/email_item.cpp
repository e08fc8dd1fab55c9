#include "protocols/activesync/email_item.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/code_page_number.h"
#include "protocols/activesync/follow_up.h"
#include "protocols/shared/conversation.h"
#include "storage/mime/decode.h"
#include "storage/mime/header.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kAddressesOctetsMax = 32'768;

std::string address_of(const mime::EnvelopeAddress& address) {
  std::string out = mime::decode_text(address.mailbox.value_or(""));
  if (address.host && !address.host->empty()) out += '@' + mime::decode_text(*address.host);
  return out;
}

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// The starts and ends of groups are no addresses.
template <class Print>
std::string join(const std::vector<mime::EnvelopeAddress>& addresses, std::string_view separator,
                 Print print) {
  std::string out;
  for (const mime::EnvelopeAddress& address : addresses) {
    if (!address.host) continue;
    const std::string one = print(address);
    const std::string_view before = out.empty() ? "" : separator;
    if (out.size() + before.size() + one.size() > kAddressesOctetsMax) break;
    out += before;
    out += one;
  }
  return out;
}

std::optional<std::string> header_value(const mime::Structure& structure, std::string_view name) {
  for (const mime::ListHeader& field : structure.list_headers) {
    if (!text::same(field.name, name)) continue;
    const std::size_t colon = field.raw.find(':');
    if (colon == std::string::npos) continue;
    return std::string(text::trim(mime::unfold(std::string_view(field.raw).substr(colon + 1))));
  }
  return std::nullopt;
}

Importance importance_of(const mime::Structure& structure) {
  if (const auto importance = header_value(structure, "Importance")) {
    if (text::same(*importance, "high")) return Importance::high;
    if (text::same(*importance, "low")) return Importance::low;
    return Importance::normal;
  }
  const std::string priority = header_value(structure, "X-Priority").value_or("3");
  if (priority.starts_with('1') || priority.starts_with('2')) return Importance::high;
  if (priority.starts_with('4') || priority.starts_with('5')) return Importance::low;
  return Importance::normal;
}

// MS-ASEMAIL section 2.2.2.49
std::string message_class_of(const mime::Part& root) {
  if (root.is_multipart() && root.subtype == "report") {
    const std::string_view type = root.parameter("report-type");
    if (text::same(type, "delivery-status")) return "REPORT.IPM.Note.NDR";
    if (text::same(type, "disposition-notification")) return "REPORT.IPM.Note.IPNRN";
  }
  if (root.is_multipart() && root.subtype == "signed") return "IPM.Note.SMIME.MultipartSigned";
  if (root.type == "application" && root.subtype.ends_with("pkcs7-mime")) return "IPM.Note.SMIME";
  return "IPM.Note";
}

std::string attachment_name(const AttachedPart& attached) {
  const mime::Part& part = *attached.part;
  std::string name = mime::file_name(part);
  if (!name.empty()) return name;
  if (part.is_message() && part.envelope) {
    return mime::decode_text(part.envelope->subject.value_or("message")) + ".eml";
  }
  if (part.type == "text" && part.subtype == "calendar") return "invite.ics";
  return fmt::format("part-{}.{}", attached.number, part.type == "text" ? "txt" : part.subtype);
}

std::vector<std::string> categories_of(const Flags& flags) {
  std::vector<std::string> categories;
  for (const std::string& keyword : flags.keywords) {
    if (is_category(keyword)) categories.push_back(keyword);
  }
  return categories;
}

LastVerb last_verb_of(const Flags& flags) {
  if (flags.has(SystemFlag::answered)) return LastVerb::replied;
  return flags.has_keyword("$Forwarded") ? LastVerb::forwarded : LastVerb::unknown;
}

}  // namespace

bool is_category(std::string_view keyword) {
  return !keyword.starts_with('$') && !text::same(keyword, "Junk") && !text::same(keyword, "NonJunk");
}

std::string address_list(const std::vector<mime::EnvelopeAddress>& addresses) {
  return join(addresses, ", ", [](const mime::EnvelopeAddress& one) {
    const std::string address = address_of(one);
    return one.name ? quoted(mime::decode_text(*one.name)) + " <" + address + '>' : address;
  });
}

std::string display_names(const std::vector<mime::EnvelopeAddress>& addresses) {
  return join(addresses, "; ", [](const mime::EnvelopeAddress& one) {
    return one.name ? mime::decode_text(*one.name) : address_of(one);
  });
}

std::string file_reference(std::string_view server_id, std::string_view part_number) {
  return fmt::format("{}/{}", server_id, part_number);
}

Result<AttachmentPlace> parse_file_reference(std::string_view reference) {
  const std::size_t slash = reference.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return Error(ErrorKind::invalid, "no file reference");
  AttachmentPlace place;
  place.server_id = reference.substr(0, slash);
  for (const std::string_view number : text::split(reference.substr(slash + 1), '.')) {
    const auto value = text::number(number, mime::kPartsMax);
    if (!value || *value == 0 || place.part.size() == mime::kDepthMax) {
      return Error(ErrorKind::invalid, "no file reference");
    }
    place.part.push_back(static_cast<std::uint32_t>(*value));
  }
  return place;
}

Attachment attachment_of(const AttachedPart& attached, std::string_view server_id) {
  Attachment attachment;
  attachment.display_name = attachment_name(attached);
  attachment.file_reference = file_reference(server_id, attached.number);
  if (attached.part->is_message()) attachment.method = AttachmentMethod::embedded_message;
  attachment.estimated_size = decoded_size(*attached.part);
  if (attached.part->id) {
    std::string_view id = text::trim(*attached.part->id);
    if (id.starts_with('<') && id.ends_with('>')) id = id.substr(1, id.size() - 2);
    attachment.content_id = id;
  }
  attachment.content_location = attached.part->location.value_or("");
  attachment.is_inline = attached.is_inline;
  return attachment;
}

EmailProperties email_marks(const EmailSource& source) {
  EmailProperties email;
  email.read = source.flags.has(SystemFlag::seen);
  email.flag = follow_up_flag(source.flags, source.follow_up);
  email.categories = categories_of(source.flags);
  const LastVerb verb = last_verb_of(source.flags);
  if (verb != LastVerb::unknown) email.last_verb = verb;
  return email;
}

EmailProperties email_properties(const mime::Structure& structure, const MessageLayout& layout,
                                 const EmailSource& source) {
  const mime::Envelope& envelope = structure.envelope;
  const std::string subject = mime::decode_text(envelope.subject.value_or(""));
  EmailProperties email = email_marks(source);
  const auto set_list = [](std::optional<std::string>& field,
                           const std::vector<mime::EnvelopeAddress>& list) {
    std::string text = address_list(list);
    if (!text.empty()) field = std::move(text);
  };
  set_list(email.to, envelope.to);
  set_list(email.cc, envelope.cc);
  set_list(email.from, envelope.from);
  if (envelope.reply_to != envelope.from) set_list(email.reply_to, envelope.reply_to);
  if (envelope.sender != envelope.from) set_list(email.sender, envelope.sender);
  if (source.in_drafts) set_list(email.bcc, envelope.bcc);
  email.display_to = display_names(envelope.to);
  email.subject = subject;
  email.thread_topic = thread_topic(subject);
  email.date_received = source.received;
  email.importance = importance_of(structure);
  email.message_class = message_class_of(structure.root);
  email.content_class = "urn:content-classes:message";
  const mime::Part* text_part = layout.html != nullptr ? layout.html : layout.plain;
  email.internet_cpid = code_page_number(text_part != nullptr ? text_part->parameter("charset") : "");
  email.conversation_id = conversation_id(structure);
  email.conversation_index = conversation_index(structure, source.received);
  email.is_draft = source.in_drafts;
  for (const AttachedPart& one : layout.attachments) {
    email.attachments.push_back(attachment_of(one, source.server_id));
  }
  return email;
}

}  // namespace postern::activesync
