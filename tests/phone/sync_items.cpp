// A message as Sync, ItemOperations and Search tell it: MS-ASEMAIL, MS-ASAIRS.
#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "tests/phone/sync.h"

namespace postern::phone {

namespace {

void take_attachments(Element list, LocalItem& item) {
  item.attachments.clear();
  for (const Element one : list) {
    LocalAttachment attachment;
    attachment.name = text_if_any(one, "AirSyncBase:DisplayName"_tag).value_or("");
    attachment.file_reference = text_in(one, "AirSyncBase:FileReference"_tag);
    attachment.estimated_size = number_in(one, "AirSyncBase:EstimatedDataSize"_tag);
    expect(!attachment.file_reference.empty(), "an attachment without FileReference");
    item.attachments.push_back(std::move(attachment));
  }
}

const activesync::BodyPreference* wish_for(const Phone& phone, std::uint32_t type) {
  for (const auto& wish : phone.profile.bodies) {
    if (static_cast<std::uint32_t>(wish.type) == type) return &wish;
  }
  return nullptr;
}

void take_body(Element body, LocalItem& item) {
  item.body_type = number_in(body, "AirSyncBase:Type"_tag);
  item.estimated_size = number_in(body, "AirSyncBase:EstimatedDataSize"_tag);
  item.truncated = text_if_any(body, "AirSyncBase:Truncated"_tag).value_or("0") == "1";
  item.body = text_if_any(body, "AirSyncBase:Data"_tag).value_or("");
}

}  // namespace

void take_properties(const Phone& phone, Element data, LocalItem& item) {
  for (const Element one : data) {
    switch (one.tag()) {
      case "Email:Subject"_tag: item.subject = one.text(); break;
      case "Email:From"_tag: item.from = one.text(); break;
      case "Email:To"_tag: item.to = one.text(); break;
      case "Email:DateReceived"_tag: item.date_received = one.text(); break;
      case "Email:Read"_tag: item.read = one.text() == "1"; break;
      case "Email:Flag"_tag: {
        const auto status = one.find("Email:Status"_tag);
        item.flag = status ? static_cast<std::uint32_t>(text::number(status->text()).value_or(0)) : 0;
        break;
      }
      case "Email:Categories"_tag:
        item.categories.clear();
        for (const Element category : one) item.categories.emplace_back(category.text());
        break;
      case "Email2:LastVerbExecuted"_tag:
        item.last_verb = static_cast<std::uint32_t>(text::number(one.text()).value_or(0));
        break;
      case "AirSyncBase:Attachments"_tag: take_attachments(one, item); break;
      case "AirSyncBase:Body"_tag: take_body(one, item); break;
      default: break;
    }
    const bool is_newer = activesync::page_of(one.tag()) == activesync::page_of("Email2:Sender"_tag);
    expect(!is_newer || phone.version >= ProtocolVersion::v14_0,
           "an element of 14.0 in an older version's answer: " + qualified_name(one.tag()));
  }
}

void check_item(const Phone& phone, const std::string& id, const LocalItem& item) {
  const auto of_item = [&id](std::string_view what) { return fmt::format("{} of {}", what, id); };
  // Without it phones show the time of the Sync.
  expect(item.date_received.size() == 24 && item.date_received.ends_with("Z"), of_item("no DateReceived"));
  const auto* wish = wish_for(phone, item.body_type);
  expect(wish != nullptr, of_item("a body of a type that was not asked for"));
  expect(item.body.size() <= wish->truncation_size.value_or(UINT32_MAX), of_item("more than TruncationSize"));
  if (item.truncated) {
    expect(item.estimated_size > item.body.size(), of_item("a truncated body that says it is whole"));
  } else {
    expect(!item.body.empty() || item.estimated_size == 0, of_item("no body, though there is one"));
  }
}

}  // namespace postern::phone
