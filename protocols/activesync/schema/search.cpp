#include "protocols/activesync/schema/search.h"

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

bool take_term(Element element, std::size_t octets_max, std::vector<std::string>& terms) {
  auto text = text_of(element, octets_max);
  if (!text || terms.size() == kSearchTermsMax) return false;
  terms.push_back(*std::move(text));
  return true;
}

// GreaterThan and LessThan: an empty email:DateReceived and the value that it is compared with.
std::optional<WallTime> compared_date(Element element) {
  const auto value = element.find("Search:Value"_tag);
  if (!value || !element.find("Email:DateReceived"_tag)) return std::nullopt;
  return parse_date_time(value->text());
}

// The one And of a query. Anything nested deeper, and Or, is beyond what the protocol promises (R772, R3105).
std::optional<Status> read_and(Element element, MailboxQuery& query) {
  bool well = true;
  for (const Element child : element) {
    switch (child.tag()) {
      case "AirSync:Class"_tag: well = well && take_term(child, kIdOctetsMax, query.classes); break;
      case "AirSync:CollectionId"_tag:
        well = well && take_term(child, kIdOctetsMax, query.collection_ids);
        break;
      case "Search:FreeText"_tag: well = well && take_term(child, kTextOctetsMax, query.free_texts); break;
      case "Search:ConversationId"_tag: query.conversation_id = child.text(); break;
      case "Search:GreaterThan"_tag:
        query.received_after = compared_date(child);
        well = well && query.received_after;
        break;
      case "Search:LessThan"_tag:
        query.received_before = compared_date(child);
        well = well && query.received_before;
        break;
      case "Search:And"_tag:
      case "Search:Or"_tag:
      case "Search:EqualTo"_tag: return SearchStatus::too_complex;
      default: break;
    }
  }
  if (!well || query.conversation_id.size() > kIdOctetsMax) return SearchStatus::invalid_request;
  return std::nullopt;
}

Parsed<MailboxQuery> read_mailbox_query(Element element) {
  MailboxQuery query;
  bool any = false;
  for (const Element child : element) {
    switch (child.tag()) {
      case "Search:And"_tag:
        if (any) return SearchStatus::too_complex;
        any = true;
        if (const auto refusal = read_and(child, query)) return *refusal;
        break;
      case "Search:ConversationId"_tag: query.conversation_id = child.text(); break;
      case "Search:Or"_tag:
      case "Search:EqualTo"_tag:
      case "Search:FreeText"_tag:
      case "Search:GreaterThan"_tag:
      case "Search:LessThan"_tag:
      case "AirSync:Class"_tag:
      case "AirSync:CollectionId"_tag: return SearchStatus::too_complex;
      default: break;
    }
  }
  const bool empty = query.free_texts.empty() && query.conversation_id.empty() && !query.received_after &&
                     !query.received_before;
  if (empty || query.conversation_id.size() > kIdOctetsMax) return SearchStatus::invalid_request;
  return query;
}

PictureLimits read_picture(Element element) {
  PictureLimits limits;
  for (const Element child : element) {
    if (child.tag() == "Search:MaxSize"_tag) limits.octets_max = number_of(child);
    if (child.tag() == "Search:MaxPictures"_tag) limits.pictures_max = number_of(child);
  }
  return limits;
}

std::optional<Status> read_options(Element element, SearchRequest& request) {
  for (const Element child : element) {
    auto taken = take_body_option(child, SearchStatus::invalid_request, request.body);
    if (!taken) return taken.refusal();
    switch (child.tag()) {
      case "Search:Range"_tag: {
        const auto range = range_of(child);
        if (!range) return SearchStatus::invalid_request;
        request.range = *range;
        break;
      }
      case "Search:DeepTraversal"_tag: request.deep_traversal = true; break;
      case "Search:RebuildResults"_tag: request.rebuild_results = true; break;
      case "Search:Picture"_tag:
        if (auto* gal = std::get_if<GalQuery>(&request.query)) gal->pictures = read_picture(child);
        break;
      default: break;
    }
  }
  return std::nullopt;
}

}  // namespace

Parsed<SearchRequest> read_search(Element root) {
  const auto store = root.find("Search:Store"_tag);
  const auto name = store ? store->find("Search:Name"_tag) : std::nullopt;
  const auto query = store ? store->find("Search:Query"_tag) : std::nullopt;
  if (!name || !query) return SearchStatus::invalid_request;
  SearchRequest request;
  if (text::same(name->text(), "GAL")) {
    auto text = text_of(*query, kTextOctetsMax);
    if (!text) return SearchStatus::invalid_request;
    request.query = GalQuery{*std::move(text), std::nullopt};
  } else if (text::same(name->text(), "Mailbox")) {
    auto parsed = read_mailbox_query(*query);
    if (!parsed) return parsed.refusal();
    request.query = std::move(*parsed);
  } else {
    return SearchStatus::access_denied;  // DocumentLibrary: there is none
  }
  const auto options = store->find("Search:Options"_tag);
  if (options) {
    if (const auto refusal = read_options(*options, request)) return *refusal;
  }
  return request;
}

SearchAnswer::SearchAnswer(std::string& out, ProtocolVersion version, Status store_status)
    : writer_(out), version_(version) {
  writer_.begin("Search:Search"_tag);
  writer_.number("Search:Status"_tag, Status(SearchStatus::ok).code);
  writer_.begin("Search:Response"_tag);
  writer_.begin("Search:Store"_tag);
  writer_.number("Search:Status"_tag, store_status.code);
}

void SearchAnswer::found(std::string_view long_id, std::string_view collection_id,
                         const EmailProperties& properties) {
  any_ = true;
  const auto result = writer_.open("Search:Result"_tag);
  writer_.text("AirSync:Class"_tag, "Email");
  writer_.text("Search:LongId"_tag, long_id);
  writer_.text("AirSync:CollectionId"_tag, collection_id);
  const auto element = writer_.open("Search:Properties"_tag);
  write_properties(writer_, properties, version_);
}

void SearchAnswer::found(const GalEntry& entry) {
  any_ = true;
  const auto result = writer_.open("Search:Result"_tag);
  const auto element = writer_.open("Search:Properties"_tag);
  write_properties(writer_, entry);
}

void SearchAnswer::finish(std::optional<Range> range, std::uint64_t total) {
  // The specification says both, that nothing stands here then and that an empty Result does; clients know
  // the second from Exchange.
  if (!any_) writer_.empty("Search:Result"_tag);
  if (range) writer_.text("Search:Range"_tag, to_text(*range));
  writer_.number("Search:Total"_tag, total);
  writer_.close();
  writer_.close();
  writer_.close();
}

void write_search_refusal(std::string& out, Status store_status) {
  Writer writer(out);
  const auto root = writer.open("Search:Search"_tag);
  writer.number("Search:Status"_tag, Status(SearchStatus::ok).code);
  const auto response = writer.open("Search:Response"_tag);
  const auto store = writer.open("Search:Store"_tag);
  writer.number("Search:Status"_tag, store_status.code);
}

}  // namespace postern::activesync
