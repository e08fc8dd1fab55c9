// What a request line and its headers say: the command, the device, the version. MS-ASHTTP section 2.2.1.1.
// The query comes as text (Cmd=Sync&User=…) or as base64 of a packed form; both give the same value. Pure.
//
// The name in User= is for logs only: who it is, the Authorization header tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "protocols/activesync/schema/protocol_version.h"
#include "storage/model/device.h"

namespace postern::activesync {

// The values are the codes of MS-ASHTTP section 2.2.1.1.1.1.2.
enum class Command : std::uint8_t {
  sync = 0,
  send_mail = 1,
  smart_forward = 2,
  smart_reply = 3,
  get_attachment = 4,
  folder_sync = 9,
  folder_create = 10,
  folder_delete = 11,
  folder_update = 12,
  move_items = 13,
  get_item_estimate = 14,
  meeting_response = 15,
  search = 16,
  settings = 17,
  ping = 18,
  item_operations = 19,
  provision = 20,
  resolve_recipients = 21,
  validate_cert = 22,
  find = 23,
};
std::string_view name_of(Command command);  // "FolderSync"

constexpr std::size_t kQueryOctetsMax = 4096;
constexpr std::size_t kDeviceTypeOctetsMax = 64;
constexpr std::size_t kParameterOctetsMax = 1024;

// Android looks whether an account works under this name: it is no device, and none must be stored for it.
constexpr std::string_view kValidatingDevice = "validate";

struct Request {
  Command command = Command::sync;
  ProtocolVersion version = ProtocolVersion::v12_1;
  std::string device_id;    // 1 … kDeviceIdOctetsMax letters and digits
  std::string device_type;  // printable UTF-8
  std::string user;
  std::optional<std::uint32_t> policy_key;
  bool accept_multipart = false;
  bool save_in_sent = false;  // SendMail, SmartReply and SmartForward as they were before 14.0
  std::string attachment_name;
  std::string collection_id;
  std::string item_id;
  std::string long_id;
  std::string occurrence;
};

struct RequestHead {
  std::string_view query;                            // behind the question mark
  std::optional<std::string_view> protocol_version;  // MS-ASProtocolVersion
  std::optional<std::string_view> policy_key;        // X-MS-PolicyKey
  std::optional<std::string_view> accept_multipart;  // MS-ASAcceptMultiPart
};

// invalid: not such a request, or the device has no proper name; not_found: a command or a version that is
// not served; too_large.
Result<Request> parse_request(const RequestHead& head);

}  // namespace postern::activesync
