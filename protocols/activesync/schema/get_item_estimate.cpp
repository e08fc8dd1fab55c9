#include "protocols/activesync/schema/get_item_estimate.h"

#include "protocols/activesync/schema/sync.h"
#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

// Before 14.0 the filter stands beside the key, since then among the options. A value that no class has is
// an error of the request's form, one of another class than mail a server error (R2984, R3005).
void take_filter(Element element, EstimateCollection& collection) {
  const auto filter = number_of(element, 8);
  if (!filter) {
    collection.refused = CommonStatus::invalid_xml;
  } else if (*filter > kMailFilterMax) {
    collection.refused = CommonStatus::server_error;
  } else {
    collection.filter_type = *filter;
  }
}

EstimateCollection read_collection(Element element) {
  EstimateCollection collection;
  for (const Element child : element) {
    switch (child.tag()) {
      case "GetItemEstimate:CollectionId"_tag:
        collection.collection_id = text_of(child, kIdOctetsMax).value_or("");
        break;
      case "AirSync:SyncKey"_tag: collection.sync_key = text_of(child, kIdOctetsMax).value_or(""); break;
      case "AirSync:FilterType"_tag: take_filter(child, collection); break;
      case "AirSync:Options"_tag:
        if (const auto filter = child.find("AirSync:FilterType"_tag)) take_filter(*filter, collection);
        break;
      default: break;
    }
  }
  if (collection.sync_key.empty()) collection.refused = EstimateStatus::invalid_sync_key;
  if (collection.sync_key == "0") collection.refused = EstimateStatus::not_primed;
  return collection;
}

}  // namespace

Parsed<std::vector<EstimateCollection>> read_get_item_estimate(Element root) {
  std::vector<EstimateCollection> collections;
  const auto list = root.find("GetItemEstimate:Collections"_tag);
  if (!list) return CommonStatus::invalid_xml;
  for (const Element child : *list) {
    if (child.tag() != "GetItemEstimate:Collection"_tag) continue;
    if (collections.size() == kEstimateCollectionsMax) return CommonStatus::invalid_xml;
    collections.push_back(read_collection(child));
    if (collections.back().collection_id.empty()) return EstimateStatus::invalid_collection;
  }
  if (collections.empty()) return CommonStatus::invalid_xml;
  return collections;
}

void write_estimates(std::string& out, const std::vector<Estimate>& estimates) {
  Writer writer(out);
  const auto root = writer.open("GetItemEstimate:GetItemEstimate"_tag);
  for (const Estimate& one : estimates) {
    const auto response = writer.open("GetItemEstimate:Response"_tag);
    writer.number("GetItemEstimate:Status"_tag, one.status.code);
    const auto collection = writer.open("GetItemEstimate:Collection"_tag);
    writer.text("GetItemEstimate:CollectionId"_tag, one.collection_id);
    if (one.status == Status(EstimateStatus::ok)) writer.number("GetItemEstimate:Estimate"_tag, one.items);
  }
}

void write_estimate_refusal(std::string& out, Status status) {
  Writer writer(out);
  const auto root = writer.open("GetItemEstimate:GetItemEstimate"_tag);
  writer.number("GetItemEstimate:Status"_tag, status.code);
}

}  // namespace postern::activesync
