#include "protocols/activesync/schema/send_mail.h"

#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

constexpr struct {
  Tag root;
  SendKind kind;
} kRoots[] = {
    {"ComposeMail:SendMail"_tag, SendKind::send},
    {"ComposeMail:SmartReply"_tag, SendKind::reply},
    {"ComposeMail:SmartForward"_tag, SendKind::forward},
};

std::optional<SendKind> kind_of(Tag root) {
  for (const auto& row : kRoots) {
    if (row.root == root) return row.kind;
  }
  return std::nullopt;
}

SendSource read_source(Element element) {
  SendSource source;
  for (const Element child : element) {
    switch (child.tag()) {
      case "ComposeMail:FolderId"_tag: source.folder_id = text_of(child, kIdOctetsMax).value_or(""); break;
      case "ComposeMail:ItemId"_tag: source.item_id = text_of(child, kIdOctetsMax).value_or(""); break;
      case "ComposeMail:LongId"_tag: source.long_id = text_of(child, kLongIdOctetsMax).value_or(""); break;
      case "ComposeMail:InstanceId"_tag: source.instance_id = child.text(); break;
      default: break;
    }
  }
  return source;
}

std::optional<std::vector<Forwardee>> read_forwardees(Element element) {
  std::vector<Forwardee> forwardees;
  for (const Element child : element) {
    if (child.tag() != "ComposeMail:Forwardee"_tag) continue;
    // Microsoft's token table names these two Name and Email; its schema, ForwardeeName and ForwardeeEmail.
    const auto email = child.find("ComposeMail:Email"_tag);
    const auto name = child.find("ComposeMail:Name"_tag);
    auto address = email ? text_of(*email, kTextOctetsMax) : std::nullopt;
    if (!address || forwardees.size() == kForwardeesMax) return std::nullopt;
    forwardees.push_back({name ? text_of(*name, kTextOctetsMax).value_or("") : "", *std::move(address)});
  }
  return forwardees;
}

bool read_body(Element element, SendRequest& request) {
  for (const Element child : element) {
    if (child.tag() == "AirSyncBase:Data"_tag) request.body = child.text();
    if (child.tag() != "AirSyncBase:Type"_tag) continue;
    const auto type = number_of(child, static_cast<std::uint32_t>(BodyType::html));
    if (!type || *type == 0) return false;
    request.body_type = static_cast<BodyType>(*type);
  }
  return request.body_type.has_value();
}

}  // namespace

Parsed<SendRequest> read_send(Element root) {
  const auto kind = kind_of(root.tag());
  if (!kind) return CommonStatus::invalid_xml;
  SendRequest request;
  request.kind = *kind;
  for (const Element child : root) {
    switch (child.tag()) {
      case "ComposeMail:ClientId"_tag:
        request.client_id = text_of(child, kSendClientIdOctetsMax).value_or("");
        break;
      case "ComposeMail:AccountId"_tag: request.account_id = child.text(); break;
      case "ComposeMail:SaveInSentItems"_tag: request.save_in_sent_items = true; break;
      case "ComposeMail:ReplaceMime"_tag: request.replace_mime = true; break;
      case "ComposeMail:Mime"_tag: request.mime = child.text(); break;
      case "ComposeMail:Source"_tag: request.source = read_source(child); break;
      case "ComposeMail:Forwardees"_tag: {
        auto forwardees = read_forwardees(child);
        if (!forwardees) return CommonStatus::forwardees_unreadable;
        request.forwardees = *std::move(forwardees);
        break;
      }
      case "AirSyncBase:Body"_tag:
        if (!read_body(child, request)) return CommonStatus::forwardees_unreadable;
        break;
      default: break;
    }
  }
  if (request.client_id.empty()) return CommonStatus::invalid_xml;
  return check_send(std::move(request));
}

Parsed<SendRequest> check_send(SendRequest request) {
  const bool has_forwardees = !request.forwardees.empty();
  if (has_forwardees) {
    // R7176: with Forwardees the server makes the message.
    const bool contradicts = !request.mime.empty() || request.save_in_sent_items || request.replace_mime;
    if (contradicts || request.kind != SendKind::forward) return CommonStatus::not_with_forwardees;
  } else if (request.mime.empty()) {
    return CommonStatus::invalid_mime;
  }
  if (request.kind == SendKind::send) return request;
  const SendSource& source = request.source;
  const bool by_place = !source.folder_id.empty() && !source.item_id.empty();
  if (!source.long_id.empty() && (!source.folder_id.empty() || !source.item_id.empty())) {
    return CommonStatus::invalid_combination_of_ids;
  }
  if (!by_place && source.long_id.empty()) return CommonStatus::invalid_ids;
  if (!source.instance_id.empty() && !parse_date_time(source.instance_id))
    return CommonStatus::invalid_date_time;
  return request;
}

void write_send_refusal(std::string& out, SendKind kind, Status status) {
  Writer writer(out);
  for (const auto& row : kRoots) {
    if (row.kind != kind) continue;
    const auto root = writer.open(row.root);
    writer.number("ComposeMail:Status"_tag, status.code);
  }
}

}  // namespace postern::activesync
