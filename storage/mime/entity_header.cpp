// Fields of an entity's header into Part and Envelope. RFC 2045, 2183, 3282, 2557; RFC 9051 §7.5.2.
#include "storage/mime/entity_header.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "gateway/base/text.h"
#include "storage/mime/address.h"
#include "storage/mime/content_type.h"
#include "storage/mime/header.h"

namespace postern::mime {
namespace {

constexpr std::size_t kListHeaderNamesCount = 32;
constexpr std::array<std::string_view, kListHeaderNamesCount> kListHeaderNames{
    "Date",
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Type",
    "MIME-Version",
    "Importance",
    "X-Priority",
    "Priority",
    "List-Id",
    "List-Post",
    "List-Subscribe",
    "List-Unsubscribe",
    "List-Help",
    "Delivered-To",
    "Disposition-Notification-To",
    "Newsgroups",
    "Content-Description",
    "Lines",
    "X-Label",
    "X-Original-To",
    "X-Uniform-Type-Identifier",
    "X-Universally-Unique-Identifier",
    "X-K9mail-Identity",
    "Content-Transfer-Encoding"};

void keep_first(std::optional<std::string>& value, const Field& field) {
  if (!value) value = unfold(field.body);
}

void read_type(const Field& field, Part& part) {
  if (std::optional<ContentType> type = parse_content_type(unfold(field.body))) {
    part.type = std::move(type->type);
    part.subtype = std::move(type->subtype);
    part.parameters = std::move(type->parameters);
  } else {
    part.type = "text";
    part.subtype = "plain";
  }
}

void read_disposition(const Field& field, Part& part) {
  if (std::optional<ContentDisposition> disposition = parse_content_disposition(unfold(field.body))) {
    part.disposition = std::move(disposition->type);
    part.disposition_parameters = std::move(disposition->parameters);
  }
}

std::vector<EnvelopeAddress>* address_list(Envelope& envelope, std::string_view name) {
  if (text::same(name, "from")) return &envelope.from;
  if (text::same(name, "sender")) return &envelope.sender;
  if (text::same(name, "reply-to")) return &envelope.reply_to;
  if (text::same(name, "to")) return &envelope.to;
  if (text::same(name, "cc")) return &envelope.cc;
  if (text::same(name, "bcc")) return &envelope.bcc;
  return nullptr;
}

std::optional<std::string>* envelope_text(Envelope& envelope, std::string_view name) {
  if (text::same(name, "date")) return &envelope.date;
  if (text::same(name, "subject")) return &envelope.subject;
  if (text::same(name, "in-reply-to")) return &envelope.in_reply_to;
  if (text::same(name, "message-id")) return &envelope.message_id;
  return nullptr;
}

}  // namespace

bool is_list_header(std::string_view name) {
  for (const std::string_view known : kListHeaderNames) {
    if (text::same(known, name)) return true;
  }
  return false;
}

void read_content_fields(std::string_view header, Part& part) {
  constexpr std::string_view kPrefix = "content-";
  std::optional<Field> type, disposition, encoding, language;
  for (const Field& field : HeaderView(header)) {
    if (!text::starts_with_same(field.name, kPrefix)) continue;
    const std::string_view what = field.name.substr(kPrefix.size());
    if (text::same(what, "type"))
      type = type.value_or(field);
    else if (text::same(what, "transfer-encoding"))
      encoding = encoding.value_or(field);
    else if (text::same(what, "disposition"))
      disposition = disposition.value_or(field);
    else if (text::same(what, "language"))
      language = language.value_or(field);
    else if (text::same(what, "id"))
      keep_first(part.id, field);
    else if (text::same(what, "description"))
      keep_first(part.description, field);
    else if (text::same(what, "md5"))
      keep_first(part.md5, field);
    else if (text::same(what, "location"))
      keep_first(part.location, field);
  }
  if (type) read_type(*type, part);
  if (disposition) read_disposition(*disposition, part);
  if (encoding) part.encoding = parse_transfer_encoding(unfold(encoding->body));
  if (language) part.language = parse_languages(unfold(language->body));
}

Envelope read_envelope(std::string_view header, std::size_t& addresses_left) {
  Envelope envelope;
  for (const Field& field : HeaderView(header)) {
    if (field.name.empty()) continue;
    if (std::optional<std::string>* value = envelope_text(envelope, field.name)) {
      keep_first(*value, field);
    } else if (std::vector<EnvelopeAddress>* list = address_list(envelope, field.name)) {
      if (addresses_left == 0) continue;
      std::vector<EnvelopeAddress> found = parse_addresses(unfold(field.body), addresses_left);
      addresses_left -= std::min(addresses_left, found.size());
      if (list->empty())
        *list = std::move(found);
      else
        list->insert(list->end(), std::move_iterator(found.begin()), std::move_iterator(found.end()));
    }
  }
  if (envelope.sender.empty()) envelope.sender = envelope.from;
  if (envelope.reply_to.empty()) envelope.reply_to = envelope.from;
  return envelope;
}

void read_list_headers(std::string_view header, bool cut_off, Structure& structure) {
  std::size_t left = kListHeaderOctetsMax;
  structure.list_headers_complete = !cut_off;
  for (const Field& field : HeaderView(header)) {
    if (field.name.empty() || !is_list_header(field.name)) continue;
    const bool maybe_cut = cut_off && field.raw.data() + field.raw.size() == header.data() + header.size();
    if (field.raw.size() > left || maybe_cut) {
      structure.list_headers_complete = false;
      return;
    }
    left -= field.raw.size();
    structure.list_headers.push_back({std::string(field.name), std::string(field.raw)});
  }
}

}  // namespace postern::mime
