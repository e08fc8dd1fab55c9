#include "protocols/activesync/gate.h"

#include "protocols/activesync/policy.h"

namespace postern::activesync {

namespace {

constexpr int kForbidden = 403;
constexpr int kProvisionFirst = 449;

std::optional<GateRefusal> access_refusal(const Device& device, const ActiveSyncSettings& settings) {
  const auto otherwise = device_access_from(settings.new_devices).value_or(DeviceAccess::allowed);
  switch (device.access(otherwise)) {
    case DeviceAccess::allowed: break;
    case DeviceAccess::blocked: return GateRefusal{CommonStatus::device_blocked_for_user, kForbidden};
    case DeviceAccess::quarantined: return GateRefusal{CommonStatus::access_denied, kForbidden};
  }
  // What has been wiped stays out until an administrator admits it again.
  if (device.wiped_at) return GateRefusal{CommonStatus::device_blocked_for_user, kForbidden};
  return std::nullopt;
}

bool needs_policy(const Request& request, const ActiveSyncSettings& settings) {
  if (!settings.require_provisioning || request.device_id == kValidatingDevice) return false;
  // Android sends no key with Ping at all, though it has one.
  return request.command != Command::ping || request.policy_key.has_value();
}

}  // namespace

std::optional<GateRefusal> gate_refusal(const Request& request, const Device& device,
                                        const ActiveSyncSettings& settings) {
  // A wipe goes before everything, and Provision is where the device hears of it.
  if (device.wipe_pending()) {
    // Before 16.1 a device can only be told to erase all that is on it, which nobody has asked for.
    const bool untold = device.wipe == DeviceWipe::account_only && request.version < ProtocolVersion::v16_1;
    if (untold) return GateRefusal{CommonStatus::device_blocked_for_user, kForbidden};
    if (request.command == Command::provision) return std::nullopt;
    return GateRefusal{CommonStatus::remote_wipe_requested, kProvisionFirst};
  }
  if (const auto refusal = access_refusal(device, settings)) return refusal;
  if (request.command == Command::provision || !needs_policy(request, settings)) return std::nullopt;
  const std::uint32_t key = request.policy_key.value_or(0);
  if (key == 0) return GateRefusal{CommonStatus::device_not_provisioned, kProvisionFirst};
  if (!device.policy.final || device.policy.key != key) {
    return GateRefusal{CommonStatus::invalid_policy_key, kProvisionFirst};
  }
  const std::uint32_t version = policy_version(policy_settings_of(device, settings.policy));
  if (device.policy.version != version) return GateRefusal{CommonStatus::policy_refresh, kProvisionFirst};
  return std::nullopt;
}

}  // namespace postern::activesync
