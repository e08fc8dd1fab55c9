// Ping: which folders to watch, and what was seen. MS-ASCMD section 2.2.1.13. What a request leaves out is as
// in the device's last one; a request without a body leaves out everything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/schema/status.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.11
enum class PingStatus : std::uint16_t {
  expired = 1,
  changes = 2,
  missing_parameters = 3,
  syntax_error = 4,
  heartbeat_out_of_range = 5,
  too_many_folders = 6,
  folders_changed = 7,  // FolderSync first
  server_error = 8,
};

// The limits are the server's choice. Outlook mobile asks for 180 s and stops if that is not served.
constexpr std::uint32_t kPingHeartbeatMin_s = 60;
constexpr std::uint32_t kPingHeartbeatMax_s = 3540;
constexpr std::size_t kPingFoldersMax = 300;

struct PingFolder {
  std::string id;
  std::string class_name;  // "Email"
  friend bool operator==(const PingFolder&, const PingFolder&) = default;
};

struct PingRequest {
  std::optional<std::uint32_t> heartbeat_s;        // may be out of range
  std::optional<std::vector<PingFolder>> folders;  // may be more than kPingFoldersMax by one
};

Parsed<PingRequest> read_ping(Element ping);

// The nearest interval that is allowed, if this one is not.
std::optional<std::uint32_t> heartbeat_limit(std::uint32_t heartbeat_s);

struct PingResponse {
  Status status = PingStatus::expired;
  std::vector<std::string> folders;          // with changes
  std::optional<std::uint32_t> max_folders;  // with too_many_folders
  std::optional<std::uint32_t> heartbeat_s;  // with heartbeat_out_of_range
};
void write(std::string& out, const PingResponse& response);

}  // namespace postern::activesync
