// The hierarchy of folders: FolderSync, FolderCreate, FolderDelete and FolderUpdate. MS-ASCMD
// sections 2.2.1.2 to 2.2.1.8. On the wire a mailbox is a folder here and a collection in Sync; its id is the
// same.
#pragma once

#include <string>
#include <vector>

#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

// MS-ASCMD sections 2.2.3.177.2 to 2.2.3.177.5
enum class FolderStatus : std::uint16_t {
  ok = 1,
  already_exists = 2,
  special_folder = 3,
  not_found = 4,
  parent_not_found = 5,
  server_error = 6,
  invalid_sync_key = 9,
  malformed_request = 10,
  unknown_error = 11,
};

// MS-ASCMD section 2.2.3.186.3
enum class FolderType : std::uint8_t {
  generic = 1,
  inbox = 2,
  drafts = 3,
  deleted_items = 4,
  sent_items = 5,
  outbox = 6,
  tasks = 7,
  calendar = 8,
  contacts = 9,
  notes = 10,
  journal = 11,
  user_mail = 12,
  user_calendar = 13,
  user_contacts = 14,
  user_tasks = 15,
  user_journal = 16,
  user_notes = 17,
  unknown = 18,
  recipient_cache = 19,
};

constexpr std::size_t kFolderNameOctetsMax = 1024;

struct FolderSyncRequest {
  std::string sync_key;
};
struct FolderCreateRequest {
  std::string sync_key;
  std::string parent_id;  // "0": the root
  std::string display_name;
  FolderType type = FolderType::user_mail;  // generic or one of a user's
};
struct FolderDeleteRequest {
  std::string sync_key;
  std::string server_id;
};
struct FolderUpdateRequest {
  std::string sync_key;
  std::string server_id;
  std::string parent_id;
  std::string display_name;
};

Parsed<FolderSyncRequest> read_folder_sync(Element root);
Parsed<FolderCreateRequest> read_folder_create(Element root);
Parsed<FolderDeleteRequest> read_folder_delete(Element root);
Parsed<FolderUpdateRequest> read_folder_update(Element root);

struct FolderEntry {
  std::string server_id;
  std::string parent_id;
  std::string display_name;
  FolderType type = FolderType::user_mail;
};
struct FolderSyncResponse {
  Status status = FolderStatus::ok;
  std::string sync_key;  // and the changes: only with ok
  std::vector<FolderEntry> updated;
  std::vector<std::string> deleted;
  std::vector<FolderEntry> added;
};
// Of FolderCreate, FolderDelete and FolderUpdate; which, the root element says.
struct FolderChangeResponse {
  Status status = FolderStatus::ok;
  std::string sync_key;   // empty: left out
  std::string server_id;  // of what was created; empty: left out
};

void write(std::string& out, const FolderSyncResponse& response);
void write(std::string& out, Tag root, const FolderChangeResponse& response);

}  // namespace postern::activesync
