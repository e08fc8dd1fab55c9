#include "protocols/activesync/schema/item_operations.h"

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

std::optional<Status> take_fetch_options(Element options, FetchOperation& fetch) {
  for (const Element child : options) {
    auto taken = take_body_option(child, OperationStatus::protocol_error, fetch.body);
    if (!taken) return taken.refusal();
    if (child.tag() != "ItemOperations:Range"_tag) continue;
    fetch.range = range_of(child);
    if (!fetch.range) return OperationStatus::range_invalid;
  }
  return std::nullopt;
}

RequestedOperation read_fetch(Element element) {
  FetchOperation fetch;
  std::optional<Status> refused;
  bool names_attachment = false;
  for (const Element child : element) {
    switch (child.tag()) {
      case "ItemOperations:Store"_tag:
        if (!text::same(child.text(), "Mailbox")) refused = OperationStatus::store_unknown;
        break;
      case "AirSync:CollectionId"_tag: fetch.collection_id = text_of(child, kIdOctetsMax).value_or(""); break;
      case "AirSync:ServerId"_tag: fetch.server_id = text_of(child, kIdOctetsMax).value_or(""); break;
      case "Search:LongId"_tag: fetch.long_id = text_of(child, kLongIdOctetsMax).value_or(""); break;
      case "AirSyncBase:FileReference"_tag:
        names_attachment = true;
        fetch.file_reference = text_of(child, kLongIdOctetsMax).value_or("");
        break;
      case "ItemOperations:Options"_tag:
        if (const auto status = take_fetch_options(child, fetch)) refused = status;
        break;
      default: break;
    }
  }
  if (!refused && names_attachment && fetch.file_reference.empty())
    refused = OperationStatus::attachment_invalid;
  // iOS fetches by LongId alone; an item by its place needs its folder, too.
  const bool by_place = !fetch.collection_id.empty() && !fetch.server_id.empty();
  if (!refused && !by_place && fetch.long_id.empty() && !names_attachment)
    refused = OperationStatus::protocol_error;
  return {std::move(fetch), refused};
}

RequestedOperation read_empty_folder(Element element) {
  EmptyFolderOperation empty;
  for (const Element child : element) {
    if (child.tag() == "AirSync:CollectionId"_tag)
      empty.collection_id = text_of(child, kIdOctetsMax).value_or("");
    if (child.tag() != "ItemOperations:Options"_tag) continue;
    empty.delete_subfolders = child.find("ItemOperations:DeleteSubFolders"_tag).has_value();
  }
  std::optional<Status> refused;
  if (empty.collection_id.empty()) refused = OperationStatus::protocol_error;
  return {std::move(empty), refused};
}

RequestedOperation read_move(Element element) {
  MoveConversationOperation move;
  for (const Element child : element) {
    switch (child.tag()) {
      case "ItemOperations:ConversationId"_tag:
        move.conversation_id = text_of(child, kIdOctetsMax).value_or("");
        break;
      case "ItemOperations:DstFldId"_tag:
        move.destination_folder = text_of(child, kIdOctetsMax).value_or("");
        break;
      case "ItemOperations:Options"_tag:
        move.always = child.find("ItemOperations:MoveAlways"_tag).has_value();
        break;
      default: break;
    }
  }
  std::optional<Status> refused;
  if (move.conversation_id.empty()) refused = OperationStatus::protocol_error;
  if (move.destination_folder.empty()) refused = CommonStatus::move_destination_invalid;
  if (!refused && !move.always) refused = CommonStatus::move_needs_move_always;  // R3475
  return {std::move(move), refused};
}

}  // namespace

Parsed<std::vector<RequestedOperation>> read_item_operations(Element root) {
  std::vector<RequestedOperation> operations;
  for (const Element child : root) {
    if (operations.size() == kOperationsMax) return OperationStatus::protocol_error;
    switch (child.tag()) {
      case "ItemOperations:Fetch"_tag: operations.push_back(read_fetch(child)); break;
      case "ItemOperations:EmptyFolderContents"_tag: operations.push_back(read_empty_folder(child)); break;
      case "ItemOperations:Move"_tag: operations.push_back(read_move(child)); break;
      default: break;
    }
  }
  if (operations.empty()) return OperationStatus::protocol_error;
  return operations;
}

ItemOperationsAnswer::ItemOperationsAnswer(std::string& out, ProtocolVersion version)
    : writer_(out), version_(version) {
  writer_.begin("ItemOperations:ItemOperations"_tag);
  writer_.number("ItemOperations:Status"_tag, Status(OperationStatus::ok).code);
  writer_.begin("ItemOperations:Response"_tag);
}

void ItemOperationsAnswer::write_fetch_head(const FetchOperation& request, Status status) {
  writer_.number("ItemOperations:Status"_tag, status.code);
  if (!request.collection_id.empty()) writer_.text("AirSync:CollectionId"_tag, request.collection_id);
  if (!request.server_id.empty()) writer_.text("AirSync:ServerId"_tag, request.server_id);
  if (!request.long_id.empty()) writer_.text("Search:LongId"_tag, request.long_id);
}

void ItemOperationsAnswer::fetched(const FetchOperation& request, const EmailProperties& properties) {
  const auto fetch = writer_.open("ItemOperations:Fetch"_tag);
  write_fetch_head(request, OperationStatus::ok);
  writer_.text("AirSync:Class"_tag, "Email");
  const auto element = writer_.open("ItemOperations:Properties"_tag);
  write_properties(writer_, properties, version_);
}

void ItemOperationsAnswer::fetched(const FetchOperation& request, const FetchedFile& file) {
  const auto fetch = writer_.open("ItemOperations:Fetch"_tag);
  write_fetch_head(request, OperationStatus::ok);
  writer_.text("AirSyncBase:FileReference"_tag, request.file_reference);
  const auto properties = writer_.open("ItemOperations:Properties"_tag);
  if (file.range) {
    writer_.text("ItemOperations:Range"_tag, to_text(*file.range));
    if (file.total) writer_.number("ItemOperations:Total"_tag, *file.total);
  }
  writer_.text("AirSyncBase:ContentType"_tag, file.content_type);
  if (file.part) {
    writer_.number("ItemOperations:Part"_tag, *file.part);
  } else {
    writer_.text("ItemOperations:Data"_tag, text::base64(file.octets));
  }
}

void ItemOperationsAnswer::emptied(const EmptyFolderOperation& request, Status status) {
  const auto element = writer_.open("ItemOperations:EmptyFolderContents"_tag);
  writer_.number("ItemOperations:Status"_tag, status.code);
  writer_.text("AirSync:CollectionId"_tag, request.collection_id);
}

void ItemOperationsAnswer::moved(const MoveConversationOperation& request, Status status) {
  const auto element = writer_.open("ItemOperations:Move"_tag);
  writer_.number("ItemOperations:Status"_tag, status.code);
  writer_.text("ItemOperations:ConversationId"_tag, request.conversation_id);
}

void ItemOperationsAnswer::refused(const ItemOperation& request, Status status) {
  if (const auto* empty = std::get_if<EmptyFolderOperation>(&request)) return emptied(*empty, status);
  if (const auto* move = std::get_if<MoveConversationOperation>(&request)) return moved(*move, status);
  const FetchOperation& fetch = std::get<FetchOperation>(request);
  const auto element = writer_.open("ItemOperations:Fetch"_tag);
  write_fetch_head(fetch, status);
  if (!fetch.file_reference.empty()) writer_.text("AirSyncBase:FileReference"_tag, fetch.file_reference);
}

void ItemOperationsAnswer::finish() {
  writer_.close();
  writer_.close();
}

void write_item_operations_refusal(std::string& out, Status status) {
  Writer writer(out);
  const auto root = writer.open("ItemOperations:ItemOperations"_tag);
  writer.number("ItemOperations:Status"_tag, status.code);
}

}  // namespace postern::activesync
