#include "storage/mime/outgoing_header.h"

#include <algorithm>
#include <array>
#include <set>

#include "gateway/base/text.h"
#include "storage/mime/address.h"
#include "storage/mime/header.h"

namespace postern::mime {

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view other) { return text::same(name, other); });
}

// Two of these, and readers disagree about who wrote the message.
bool stands_once(std::string_view name) {
  return is_one_of(name, {"From", "Sender", "Date", "Message-ID", "Subject", "Reply-To"});
}

// The addresses without names, groups and what is none. False: there were too many.
bool add_addresses(std::string_view body, std::vector<std::string>& out) {
  for (const EnvelopeAddress& entry : parse_addresses(unfold(body), kOutgoingAddressesMax + 1)) {
    if (!entry.mailbox || !entry.host || entry.host->empty()) continue;
    out.push_back(*entry.mailbox + '@' + *entry.host);
  }
  return out.size() <= kOutgoingAddressesMax;
}

void drop_repeated(std::vector<std::string>& addresses) {
  std::set<std::string> seen;
  std::erase_if(addresses,
                [&seen](const std::string& address) { return !seen.insert(text::to_lower(address)).second; });
}

}  // namespace

Result<OutgoingHeader> read_outgoing_header(std::string_view block) {
  OutgoingHeader header;
  std::set<std::string> seen;
  if (!text::is_utf8(block)) return Error(ErrorKind::invalid, "the header has octets that are not UTF-8");
  header.has_utf8 = !text::is_ascii(block);
  for (const Field& field : HeaderView(block)) {
    if (field.name.empty()) return Error(ErrorKind::invalid, "a line of the header is no field");
    if (stands_once(field.name) && !seen.insert(text::to_lower(field.name)).second) {
      return Error(ErrorKind::invalid, "a field that may stand once stands twice");
    }
    if (is_one_of(field.name, {"From", "Sender", "Resent-From", "Resent-Sender"})) {
      const std::size_t before = header.originators.size();
      if (!add_addresses(field.body, header.originators) || header.originators.size() == before) {
        return Error(ErrorKind::invalid, "an originator field names nobody, or too many");
      }
    }
    if (is_one_of(field.name, {"To", "Cc", "Bcc"}) && !add_addresses(field.body, header.recipients)) {
      return Error(ErrorKind::invalid, "too many recipients in the header");
    }
    header.has_from = header.has_from || text::same(field.name, "From");
    header.has_date = header.has_date || text::same(field.name, "Date");
    if (text::same(field.name, "Message-ID")) header.message_id = unfold(field.body);
    if (!is_one_of(field.name, {"Bcc", "Resent-Bcc", "Return-Path"})) header.kept += field.raw;
  }
  header.kept += "\r\n";
  drop_repeated(header.originators);
  drop_repeated(header.recipients);
  return header;
}

}  // namespace postern::mime
