// Sync: requests as the profile makes them, and answers held to all that a phone relies on. MS-ASCMD section
// 2.2.1.21.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/phone/phone.h"

namespace postern::phone {

struct FolderAsk {
  explicit FolderAsk(std::string folder_id) : id(std::move(folder_id)) {}
  std::string id;
  std::vector<Node> commands;  // Add, Change, Delete, Fetch
};

struct SyncNews {
  std::uint32_t added = 0;
  std::uint32_t changed = 0;
  std::uint32_t removed = 0;
  bool more = false;
  std::vector<std::string> told;                 // folders that the answer speaks of
  std::map<std::string, std::uint32_t> refused;  // commands that failed: ServerId or ClientId, and the status
  std::map<std::string, LocalItem> fetched;

  bool any() const { return added + changed + removed > 0; }
  void add(const SyncNews& other);
};

// One request and its answer. A folder with key 0 gets its first key, and no items.
SyncNews sync_once(Phone& phone, const std::vector<FolderAsk>& folders);
// Until nothing more is there. Of all folders, or of some.
SyncNews sync_all(Phone& phone);
SyncNews sync_some(Phone& phone, const std::vector<std::string>& folder_ids);
// The server does not know the inbox's key: Status 3. The phone forgets what it has and synchronises from 0.
void begin_anew(Phone& phone);

Node sync_request(const Phone& phone, const std::vector<FolderAsk>& folders,
                  std::optional<std::uint32_t> heartbeat_s = std::nullopt);
SyncNews apply_sync(Phone& phone, const Answer& answer, const std::vector<FolderAsk>& asked);
// BodyPreference elements and MIMESupport, as Sync, ItemOperations and Search have them.
std::vector<Node> body_wishes(const Phone& phone);

// sync_items.cpp: one message out of ApplicationData or Properties; a Change says only what differs.
void take_properties(const Phone& phone, Element data, LocalItem& item);
// That a whole message has what it must have.
void check_item(const Phone& phone, const std::string& id, const LocalItem& item);

}  // namespace postern::phone
