#include "protocols/activesync/schema/find.h"

namespace postern::activesync {

namespace {

// Query and Options, which are the same but for what stands in them.
struct Criterion {
  std::optional<Element> query, options;
};

Criterion read_criterion(Element element) {
  return {element.find("Find:Query"_tag), element.find("Find:Options"_tag)};
}

std::optional<FindInMailbox> read_mailbox(const Criterion& criterion) {
  FindInMailbox find;
  for (const Element child : *criterion.query) {
    switch (child.tag()) {
      case "Find:FreeText"_tag: find.free_text = text_of(child, kTextOctetsMax).value_or(""); break;
      case "AirSync:Class"_tag: find.class_name = child.text(); break;
      case "AirSync:CollectionId"_tag: find.collection_id = text_of(child, kIdOctetsMax).value_or(""); break;
      default: break;
    }
  }
  if (find.free_text.empty()) return std::nullopt;
  find.deep_traversal = criterion.options && criterion.options->find("Find:DeepTraversal"_tag).has_value();
  return find;
}

std::optional<FindInGal> read_gal(const Criterion& criterion) {
  auto text = text_of(*criterion.query, kTextOctetsMax);
  if (!text) return std::nullopt;
  FindInGal find{*std::move(text), std::nullopt};
  const auto picture = criterion.options ? criterion.options->find("Find:Picture"_tag) : std::nullopt;
  if (!picture) return find;
  find.pictures.emplace();
  for (const Element child : *picture) {
    if (child.tag() == "Find:MaxSize"_tag) find.pictures->octets_max = number_of(child);
    if (child.tag() == "Find:MaxPictures"_tag) find.pictures->pictures_max = number_of(child);
  }
  return find;
}

}  // namespace

Parsed<FindRequest> read_find(Element root) {
  FindRequest request;
  const auto search_id = root.find("Find:SearchId"_tag);
  if (search_id) request.search_id = text_of(*search_id, kIdOctetsMax).value_or("");
  const auto execute = root.find("Find:ExecuteSearch"_tag);
  if (request.search_id.empty() || !execute) return FindStatus::invalid_request;
  const auto in_mailbox = execute->find("Find:MailBoxSearchCriterion"_tag);
  const auto in_gal = execute->find("Find:GalSearchCriterion"_tag);
  if (in_mailbox.has_value() == in_gal.has_value()) return FindStatus::invalid_request;

  const Criterion criterion = read_criterion(in_mailbox ? *in_mailbox : *in_gal);
  if (!criterion.query) return FindStatus::invalid_request;
  if (in_mailbox) {
    auto find = read_mailbox(criterion);
    if (!find) return FindStatus::invalid_request;
    request.criterion = *std::move(find);
  } else {
    auto find = read_gal(criterion);
    if (!find) return FindStatus::invalid_request;
    request.criterion = *std::move(find);
  }
  const auto range = criterion.options ? criterion.options->find("Find:Range"_tag) : std::nullopt;
  if (range) {
    const auto read = range_of(*range);
    if (!read) return FindStatus::invalid_request;
    request.range = *read;
  }
  return request;
}

FindAnswer::FindAnswer(std::string& out, std::string_view store, Status status) : writer_(out) {
  writer_.begin("Find:Find"_tag);
  writer_.number("Find:Status"_tag, Status(FindStatus::ok).code);
  writer_.begin("Find:Response"_tag);
  writer_.text("ItemOperations:Store"_tag, store);
  writer_.number("Find:Status"_tag, status.code);
}

void FindAnswer::found(const FoundMessage& message) {
  const auto result = writer_.open("Find:Result"_tag);
  writer_.text("AirSync:Class"_tag, "Email");
  writer_.text("AirSync:ServerId"_tag, message.server_id);
  writer_.text("AirSync:CollectionId"_tag, message.collection_id);
  const auto element = writer_.open("Find:Properties"_tag);
  const EmailProperties& email = message.properties;
  if (email.subject) writer_.text("Email:Subject"_tag, *email.subject);
  if (email.date_received) writer_.text("Email:DateReceived"_tag, format_date_time(*email.date_received));
  if (email.display_to) writer_.text("Email:DisplayTo"_tag, *email.display_to);
  if (!message.display_cc.empty()) writer_.text("Find:DisplayCc"_tag, message.display_cc);
  if (!message.display_bcc.empty()) writer_.text("Find:DisplayBcc"_tag, message.display_bcc);
  if (email.importance) {
    writer_.number("Email:Importance"_tag, static_cast<std::uint8_t>(*email.importance));
  }
  if (email.read) writer_.boolean("Email:Read"_tag, *email.read);
  if (email.is_draft) writer_.boolean("Email2:IsDraft"_tag, *email.is_draft);
  if (!message.preview.empty()) writer_.text("Find:Preview"_tag, message.preview);
  writer_.boolean("Find:HasAttachments"_tag, message.has_attachments);
  if (email.from) writer_.text("Email:From"_tag, *email.from);
}

void FindAnswer::found(const GalEntry& entry) {
  const auto result = writer_.open("Find:Result"_tag);
  const auto element = writer_.open("Find:Properties"_tag);
  write_properties(writer_, entry);
}

void FindAnswer::finish(std::optional<Range> range, std::uint64_t total) {
  if (range) writer_.text("Find:Range"_tag, to_text(*range));
  writer_.number("Find:Total"_tag, total);
  writer_.close();
  writer_.close();
}

void write_find_refusal(std::string& out, Status status) {
  Writer writer(out);
  const auto root = writer.open("Find:Find"_tag);
  writer.number("Find:Status"_tag, status.code);
}

}  // namespace postern::activesync
