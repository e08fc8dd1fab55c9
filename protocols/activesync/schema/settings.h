// Settings: what a device says of itself and asks about its user, out of office, and the recovery password.
// MS-ASCMD section 2.2.1.18.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/secret.h"
#include "protocols/activesync/schema/device_information.h"
#include "protocols/activesync/schema/oof.h"
#include "protocols/activesync/schema/protocol_version.h"
#include "protocols/activesync/schema/status.h"

namespace postern::activesync {

// MS-ASCMD section 2.2.3.177.15
enum class SettingsStatus : std::uint16_t {
  ok = 1,
  protocol_error = 2,
  access_denied = 3,
  server_unavailable = 4,
  invalid_arguments = 5,
  conflicting_arguments = 6,
  denied_by_policy = 7,
};

constexpr std::size_t kDevicePasswordOctetsMax = 255;

// The part that a request leaves out is absent.
struct SettingsRequest {
  bool get_oof = false;
  OofBody oof_body = OofBody::as_stored;  // with get_oof
  std::optional<Oof> set_oof;
  std::optional<Status> oof_refused;  // set_oof was unreadable
  std::optional<DeviceInformation> device_information;
  std::optional<Secret> device_password;  // empty: forget it
  std::optional<Status> device_password_refused;
  bool get_user_information = false;
  bool get_rights_management = false;
};

Parsed<SettingsRequest> read_settings(Element root);

struct UserInformation {
  std::string user_display_name;
  std::vector<std::string> addresses;
  std::string primary_address;
};

// Each answers what the request has asked.
struct SettingsResponse {
  Status status = SettingsStatus::ok;  // otherwise nothing else is told
  std::optional<Status> oof_status;
  std::optional<Oof> oof;  // with get_oof
  std::optional<Status> device_information_status;
  std::optional<Status> device_password_status;
  std::optional<UserInformation> user_information;
  std::optional<Status> rights_management_status;
};
void write(std::string& out, const SettingsResponse& response, ProtocolVersion version);

}  // namespace postern::activesync
