#include "protocols/activesync/schema/folders.h"

#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

// All that the four commands may say. What a command needs and does not find, it refuses.
struct FolderFields {
  std::optional<std::string> sync_key, server_id, parent_id, display_name;
  std::optional<FolderType> type;
};

FolderFields read_fields(Element root) {
  FolderFields fields;
  for (const Element child : root) {
    switch (child.tag()) {
      case "FolderHierarchy:SyncKey"_tag: fields.sync_key = text_of(child, kIdOctetsMax); break;
      case "FolderHierarchy:ServerId"_tag: fields.server_id = text_of(child, kIdOctetsMax); break;
      case "FolderHierarchy:ParentId"_tag: fields.parent_id = text_of(child, kIdOctetsMax); break;
      case "FolderHierarchy:DisplayName"_tag:
        fields.display_name = text_of(child, kFolderNameOctetsMax);
        break;
      case "FolderHierarchy:Type"_tag: {
        const auto type = number_of(child, static_cast<std::uint32_t>(FolderType::user_notes));
        if (type) fields.type = static_cast<FolderType>(*type);
        break;
      }
      default: break;
    }
  }
  return fields;
}

bool can_be_created(FolderType type) {
  return type == FolderType::generic || type >= FolderType::user_mail;
}

void write_entry(Writer& out, Tag kind, const FolderEntry& entry) {
  const auto element = out.open(kind);
  out.text("FolderHierarchy:ServerId"_tag, entry.server_id);
  out.text("FolderHierarchy:ParentId"_tag, entry.parent_id);
  out.text("FolderHierarchy:DisplayName"_tag, entry.display_name);
  out.number("FolderHierarchy:Type"_tag, static_cast<std::uint8_t>(entry.type));
}

}  // namespace

Parsed<FolderSyncRequest> read_folder_sync(Element root) {
  FolderFields fields = read_fields(root);
  if (!fields.sync_key) return FolderStatus::malformed_request;
  return FolderSyncRequest{*std::move(fields.sync_key)};
}

Parsed<FolderCreateRequest> read_folder_create(Element root) {
  FolderFields fields = read_fields(root);
  if (!fields.sync_key || !fields.parent_id || !fields.display_name || !fields.type ||
      !can_be_created(*fields.type)) {
    return FolderStatus::malformed_request;
  }
  return FolderCreateRequest{*std::move(fields.sync_key), *std::move(fields.parent_id),
                             *std::move(fields.display_name), *fields.type};
}

Parsed<FolderDeleteRequest> read_folder_delete(Element root) {
  FolderFields fields = read_fields(root);
  if (!fields.sync_key || !fields.server_id) return FolderStatus::malformed_request;
  return FolderDeleteRequest{*std::move(fields.sync_key), *std::move(fields.server_id)};
}

Parsed<FolderUpdateRequest> read_folder_update(Element root) {
  FolderFields fields = read_fields(root);
  if (!fields.sync_key || !fields.server_id || !fields.parent_id || !fields.display_name) {
    return FolderStatus::malformed_request;
  }
  return FolderUpdateRequest{*std::move(fields.sync_key), *std::move(fields.server_id),
                             *std::move(fields.parent_id), *std::move(fields.display_name)};
}

void write(std::string& out, const FolderSyncResponse& response) {
  Writer writer(out);
  const auto root = writer.open("FolderHierarchy:FolderSync"_tag);
  writer.number("FolderHierarchy:Status"_tag, response.status.code);
  if (response.status != Status(FolderStatus::ok)) return;
  writer.text("FolderHierarchy:SyncKey"_tag, response.sync_key);
  const auto changes = writer.open("FolderHierarchy:Changes"_tag);
  writer.number("FolderHierarchy:Count"_tag,
                response.updated.size() + response.deleted.size() + response.added.size());
  for (const FolderEntry& one : response.updated) write_entry(writer, "FolderHierarchy:Update"_tag, one);
  for (const std::string& server_id : response.deleted) {
    const auto element = writer.open("FolderHierarchy:Delete"_tag);
    writer.text("FolderHierarchy:ServerId"_tag, server_id);
  }
  for (const FolderEntry& one : response.added) write_entry(writer, "FolderHierarchy:Add"_tag, one);
}

void write(std::string& out, Tag root, const FolderChangeResponse& response) {
  Writer writer(out);
  const auto element = writer.open(root);
  writer.number("FolderHierarchy:Status"_tag, response.status.code);
  if (!response.sync_key.empty()) writer.text("FolderHierarchy:SyncKey"_tag, response.sync_key);
  if (!response.server_id.empty()) writer.text("FolderHierarchy:ServerId"_tag, response.server_id);
}

}  // namespace postern::activesync
