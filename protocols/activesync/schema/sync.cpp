#include "protocols/activesync/schema/sync.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/schema/values.h"

namespace postern::activesync {

namespace {

// 0 and what is above the maximum mean the maximum (MS-ASCMD section 2.2.3.199).
std::optional<std::uint32_t> window_size_of(Element element) {
  const auto size = number_of(element);
  if (!size) return std::nullopt;
  return *size == 0 ? kWindowSizeMax : std::min(*size, kWindowSizeMax);
}

struct ClassOptions {
  std::string class_name;
  SyncOptions options;
};

Parsed<ClassOptions> read_options(Element element) {
  ClassOptions read;
  for (const Element child : element) {
    auto taken = take_body_option(child, SyncStatus::protocol_error, read.options.body);
    if (!taken) return taken.refusal();
    if (*taken == Taken::yes) continue;
    switch (child.tag()) {
      case "AirSync:Class"_tag: read.class_name = child.text(); break;
      case "AirSync:FilterType"_tag: {
        const auto filter = number_of(child, 8);
        if (!filter) return SyncStatus::protocol_error;
        read.options.filter_type = *filter;
        break;
      }
      case "AirSync:Conflict"_tag: {
        const auto conflict = number_of(child, 1);
        if (!conflict) return SyncStatus::protocol_error;
        read.options.conflict = static_cast<Conflict>(*conflict);
        break;
      }
      default: break;
    }
  }
  return read;
}

std::optional<std::string> id_in(Element element, Tag tag) {
  const auto child = element.find(tag);
  return child ? text_of(*child, kIdOctetsMax) : std::nullopt;
}

// To be sent, a draft needs nothing said of it.
std::optional<EmailChange> change_in(Element element, bool send) {
  const auto data = element.find("AirSync:ApplicationData"_tag);
  if (data) return read_email_change(*data);
  return send ? std::optional(EmailChange()) : std::nullopt;
}

std::optional<ClientCommand> read_command(Element element) {
  const bool send = element.find("Email2:Send"_tag).has_value();
  if (element.tag() == "AirSync:Add"_tag) {
    auto client_id = id_in(element, "AirSync:ClientId"_tag);
    if (!client_id) return std::nullopt;
    const auto class_name = element.find("AirSync:Class"_tag);
    return ClientAdd{*std::move(client_id), std::string(class_name ? class_name->text() : ""),
                     change_in(element, send), send};
  }
  auto server_id = id_in(element, "AirSync:ServerId"_tag);
  if (!server_id) return std::nullopt;
  switch (element.tag()) {
    case "AirSync:Change"_tag: return ClientChange{*std::move(server_id), change_in(element, send), send};
    case "AirSync:Delete"_tag: return ClientDelete{*std::move(server_id)};
    default: return ClientFetch{*std::move(server_id)};
  }
}

bool is_command(Tag tag) {
  return tag == "AirSync:Add"_tag || tag == "AirSync:Change"_tag || tag == "AirSync:Delete"_tag ||
         tag == "AirSync:Fetch"_tag;
}

class SyncReader {
 public:
  Parsed<SyncRequest> read(Element sync) {
    bool wrong = false;
    for (const Element child : sync) {
      switch (child.tag()) {
        case "AirSync:Collections"_tag:
          if (const auto refusal = read_collections(child)) return *refusal;
          break;
        case "AirSync:Wait"_tag: wrong |= !take_wait(child, 60); break;
        case "AirSync:HeartbeatInterval"_tag: wrong |= !take_wait(child, 1); break;
        case "AirSync:WindowSize"_tag: {
          const auto size = window_size_of(child);
          wrong |= !size;
          request_.window_size = size.value_or(kWindowSizeMax);
          break;
        }
        case "AirSync:Partial"_tag: request_.partial = true; break;
        default: break;
      }
    }
    // Partial alone says nothing, and without it there must be a collection (MS-ASCMD section 2.2.3.130).
    if (request_.partial) wrong |= !sync.has_children() || ++sync.begin() == sync.end();
    if (!request_.partial) wrong |= request_.collections.empty();
    if (wrong) return SyncStatus::protocol_error;
    return std::move(request_);
  }

 private:
  // Either of the two elements may stand, not both (MS-ASCMD section 2.2.3.198).
  bool take_wait(Element element, std::uint32_t unit_s) {
    if (request_.wait_s) return false;
    const auto units = number_of(element, UINT32_MAX / 60);
    if (!units) return false;
    request_.wait_s = *units * unit_s;
    request_.wait_in_minutes = unit_s == 60;
    return true;
  }

  std::optional<Status> read_collections(Element element) {
    for (const Element child : element) {
      if (child.tag() != "AirSync:Collection"_tag) continue;
      if (request_.collections.size() == kSyncCollectionsMax) return SyncStatus::too_many_collections;
      SyncCollection collection;
      collection.refused = read_collection(child, collection);
      // Without its id there is no collection to tell the status of.
      if (collection.collection_id.empty()) return SyncStatus::protocol_error;
      request_.collections.push_back(std::move(collection));
    }
    return std::nullopt;
  }

  std::optional<Status> read_collection(Element element, SyncCollection& collection) {
    std::optional<bool> get_changes;
    std::optional<Status> refused;
    const auto refuse = [&refused](Status status) {
      if (!refused) refused = status;
    };
    for (const Element child : element) {
      switch (child.tag()) {
        case "AirSync:SyncKey"_tag: collection.sync_key = text_of(child, kIdOctetsMax).value_or(""); break;
        case "AirSync:CollectionId"_tag:
          collection.collection_id = text_of(child, kIdOctetsMax).value_or("");
          break;
        case "AirSync:Class"_tag: collection.class_name = child.text(); break;
        case "AirSync:GetChanges"_tag:
          get_changes = boolean_of(child, true);
          if (!get_changes) refuse(SyncStatus::protocol_error);
          break;
        case "AirSync:DeletesAsMoves"_tag: {
          const auto moves = boolean_of(child, true);
          if (!moves) refuse(SyncStatus::protocol_error);
          collection.deletes_as_moves = moves.value_or(true);
          break;
        }
        case "AirSync:WindowSize"_tag: {
          const auto size = window_size_of(child);
          if (!size) refuse(SyncStatus::protocol_error);
          collection.window_size = size.value_or(kWindowSizeDefault);
          break;
        }
        case "AirSync:Options"_tag:
          if (const auto status = take_options(child, collection)) refuse(*status);
          break;
        case "AirSync:Commands"_tag:
          if (!read_commands(child, collection)) refuse(SyncStatus::protocol_error);
          break;
        default: break;
      }
    }
    const bool initial = collection.sync_key == "0";
    if (collection.sync_key.empty() || (initial && get_changes.value_or(false))) {
      refuse(SyncStatus::protocol_error);
    }
    collection.get_changes = get_changes.value_or(!initial);
    return refused;
  }

  // Two Options may stand if one of them is of the class SMS, which is not served; that one is passed over.
  std::optional<Status> take_options(Element element, SyncCollection& collection) {
    auto read = read_options(element);
    if (!read) return read.refusal();
    if (text::same(read->class_name, "SMS")) return std::nullopt;
    if (collection.options) return SyncStatus::protocol_error;
    collection.options = std::move(read->options);
    return std::nullopt;
  }

  bool read_commands(Element element, SyncCollection& collection) {
    for (const Element child : element) {
      if (!is_command(child.tag())) continue;
      auto command = read_command(child);
      if (!command || ++commands_ > kSyncCommandsMax) return false;
      collection.commands.push_back(*std::move(command));
    }
    return true;
  }

  SyncRequest request_;
  std::size_t commands_ = 0;
};

}  // namespace

Parsed<SyncRequest> read_sync(Element sync) {
  return SyncReader().read(sync);
}

std::optional<std::uint32_t> wait_limit(const SyncRequest& request) {
  if (!request.wait_s) return std::nullopt;
  const std::uint32_t unit_s = request.wait_in_minutes ? 60 : 1;
  if (*request.wait_s < kHeartbeatMin_s) return kHeartbeatMin_s / unit_s;
  if (*request.wait_s > kHeartbeatMax_s) return kHeartbeatMax_s / unit_s;
  return std::nullopt;
}

}  // namespace postern::activesync
