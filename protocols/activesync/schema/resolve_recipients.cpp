#include "protocols/activesync/schema/resolve_recipients.h"

#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

std::optional<AvailabilityWindow> read_availability(Element element) {
  const auto start = element.find("ResolveRecipients:StartTime"_tag);
  const auto end = element.find("ResolveRecipients:EndTime"_tag);
  const auto from = start ? parse_date_time(start->text()) : std::nullopt;
  const auto to = end ? parse_date_time(end->text()) : std::nullopt;
  if (!from || !to || *from >= *to) return std::nullopt;
  return AvailabilityWindow{*from, *to};
}

PictureLimits read_picture(Element element) {
  PictureLimits limits;
  for (const Element child : element) {
    if (child.tag() == "ResolveRecipients:MaxSize"_tag) limits.octets_max = number_of(child);
    if (child.tag() == "ResolveRecipients:MaxPictures"_tag) limits.pictures_max = number_of(child);
  }
  return limits;
}

bool take_limit(Element element, std::uint32_t& limit) {
  const auto number = number_of(element, kResolveLimitMax);
  if (number) limit = *number;
  return number.has_value();
}

bool read_options(Element element, ResolveRequest& request) {
  bool well = true;
  for (const Element child : element) {
    switch (child.tag()) {
      case "ResolveRecipients:CertificateRetrieval"_tag: {
        const auto retrieval = number_of(child, 3);
        well = well && retrieval && *retrieval > 0;
        request.certificates = retrieval.value_or(1) > 1;
        break;
      }
      case "ResolveRecipients:MaxCertificates"_tag:
        well = take_limit(child, request.certificates_max) && well;
        break;
      case "ResolveRecipients:MaxAmbiguousRecipients"_tag:
        well = take_limit(child, request.ambiguous_max) && well;
        break;
      case "ResolveRecipients:Availability"_tag:
        request.availability = read_availability(child);
        well = well && request.availability;
        break;
      case "ResolveRecipients:Picture"_tag: request.pictures = read_picture(child); break;
      default: break;
    }
  }
  return well;
}

void write_recipient(Writer& out, const ResolvedRecipient& recipient) {
  const auto element = out.open("ResolveRecipients:Recipient"_tag);
  out.number("ResolveRecipients:Type"_tag, static_cast<std::uint8_t>(recipient.source));
  out.text("ResolveRecipients:DisplayName"_tag, recipient.display_name);
  out.text("ResolveRecipients:EmailAddress"_tag, recipient.email_address);
  if (recipient.availability) {
    const auto availability = out.open("ResolveRecipients:Availability"_tag);
    out.number("ResolveRecipients:Status"_tag, recipient.availability->code);
    if (!recipient.merged_free_busy.empty()) {
      out.text("ResolveRecipients:MergedFreeBusy"_tag, recipient.merged_free_busy);
    }
  }
  if (recipient.certificates) {
    const auto certificates = out.open("ResolveRecipients:Certificates"_tag);
    out.number("ResolveRecipients:Status"_tag, recipient.certificates->code);
  }
  if (!recipient.picture) return;
  const auto picture = out.open("ResolveRecipients:Picture"_tag);
  out.number("ResolveRecipients:Status"_tag, recipient.picture->status.code);
  if (!recipient.picture->octets.empty()) out.text("ResolveRecipients:Data"_tag, recipient.picture->octets);
}

}  // namespace

Parsed<ResolveRequest> read_resolve_recipients(Element root) {
  ResolveRequest request;
  for (const Element child : root) {
    if (child.tag() == "ResolveRecipients:To"_tag) {
      auto name = text_of(child, kResolveNameOctetsMax);
      if (!name || request.to.size() == kResolveRecipientsMax) return ResolveStatus::protocol_error;
      request.to.push_back(*std::move(name));
    } else if (child.tag() == "ResolveRecipients:Options"_tag && !read_options(child, request)) {
      return ResolveStatus::protocol_error;
    }
  }
  if (request.to.empty()) return ResolveStatus::protocol_error;
  return request;
}

void write(std::string& out, const ResolveResponse& response) {
  Writer writer(out);
  const auto root = writer.open("ResolveRecipients:ResolveRecipients"_tag);
  writer.number("ResolveRecipients:Status"_tag, response.status.code);
  for (const ResolvedName& name : response.names) {
    const auto element = writer.open("ResolveRecipients:Response"_tag);
    writer.text("ResolveRecipients:To"_tag, name.to);
    writer.number("ResolveRecipients:Status"_tag, name.status.code);
    writer.number("ResolveRecipients:RecipientCount"_tag, name.total);
    for (const ResolvedRecipient& one : name.recipients) write_recipient(writer, one);
  }
}

}  // namespace postern::activesync
