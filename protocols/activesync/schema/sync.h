// Sync requests as values. MS-ASCMD section 2.2.1.21. A mistake in one collection is that collection's
// (`refused`); a mistake outside of them is the request's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocols/activesync/schema/body_options.h"
#include "protocols/activesync/schema/email_change.h"
#include "protocols/activesync/schema/status.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.17
enum class SyncStatus : std::uint16_t {
  ok = 1,
  invalid_sync_key = 3,
  protocol_error = 4,
  server_error = 5,
  malformed_item = 6,
  conflict = 7,
  not_found = 8,
  out_of_space = 9,
  folders_changed = 12,  // FolderSync first
  incomplete = 13,       // an empty or partial request, and nothing remembered to complete it
  wait_out_of_range = 14,
  too_many_collections = 15,
  retry = 16,
};

constexpr std::size_t kSyncCollectionsMax = 300;
constexpr std::size_t kSyncCommandsMax = 2'000;  // of one request
constexpr std::uint32_t kWindowSizeDefault = 100;
constexpr std::uint32_t kWindowSizeMax = 512;
constexpr std::uint32_t kHeartbeatMin_s = 60;
constexpr std::uint32_t kHeartbeatMax_s = 3540;
constexpr std::uint32_t kMailFilterMax = 5;  // one month; 6 to 8 are of calendars and tasks

enum class Conflict : std::uint8_t { client_wins = 0, server_wins = 1 };

struct SyncOptions {
  std::uint32_t filter_type = 0;  // 0 … 8; 0: everything. MS-ASCMD section 2.2.3.68.2
  Conflict conflict = Conflict::server_wins;
  BodyOptions body;
  friend bool operator==(const SyncOptions&, const SyncOptions&) = default;
};

// `change` is absent if the client's data were malformed: that item is answered with malformed_item.
struct ClientAdd {
  std::string client_id;
  std::string class_name;  // empty: what the collection holds
  std::optional<EmailChange> change;
  bool send = false;  // 16.0 and later: send the draft
};
struct ClientChange {
  std::string server_id;
  std::optional<EmailChange> change;
  bool send = false;
};
struct ClientDelete {
  std::string server_id;
};
struct ClientFetch {
  std::string server_id;
};
using ClientCommand = std::variant<ClientAdd, ClientChange, ClientDelete, ClientFetch>;

struct SyncCollection {
  std::string collection_id;
  std::string sync_key;
  std::string class_name;  // of clients before 14.0
  bool get_changes = false;
  bool deletes_as_moves = true;
  std::uint32_t window_size = kWindowSizeDefault;  // 1 … kWindowSizeMax
  std::optional<SyncOptions> options;              // absent: those of the request before
  std::vector<ClientCommand> commands;             // in the client's order
  std::optional<Status> refused;
};

struct SyncRequest {
  std::vector<SyncCollection> collections;
  std::optional<std::uint32_t> wait_s;  // Wait or HeartbeatInterval; may be out of range
  bool wait_in_minutes = false;         // it was Wait
  std::uint32_t window_size = kWindowSizeMax;
  bool partial = false;  // what is not said is as in the request before
};

Parsed<SyncRequest> read_sync(Element sync);

// If the client's Wait or HeartbeatInterval is out of range: what Limit must say, in the client's unit.
std::optional<std::uint32_t> wait_limit(const SyncRequest& request);

}  // namespace postern::activesync
