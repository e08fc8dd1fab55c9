// Who passes the gate, and with what the others are refused.
#include "protocols/activesync/gate.h"

#include <gtest/gtest.h>

#include "protocols/activesync/policy.h"

namespace postern::activesync {
namespace {

Device provisioned() {
  Device device{DeviceKey(AccountId{1}, "phone")};
  device.policy = {77, true, policy_version(PolicySettings())};
  return device;
}
Request asking(Command command, std::optional<std::uint32_t> policy_key) {
  Request request;
  request.command = command;
  request.device_id = "phone";
  request.policy_key = policy_key;
  return request;
}
std::uint16_t status(const Request& request, const Device& device, bool require_provisioning = true) {
  ActiveSyncSettings settings;
  settings.require_provisioning = require_provisioning;
  const auto refusal = gate_refusal(request, device, settings);
  return refusal ? refusal->status.code : 0;
}

TEST(Gate, APolicyMustBeThereAndTheRightOne) {
  EXPECT_EQ(status(asking(Command::sync, 77), provisioned()), 0);
  EXPECT_EQ(status(asking(Command::sync, std::nullopt), provisioned()), 142);
  EXPECT_EQ(status(asking(Command::sync, 0), provisioned()), 142);
  EXPECT_EQ(status(asking(Command::sync, 78), provisioned()), 144);
  Device half = provisioned();
  half.policy.final = false;
  EXPECT_EQ(status(asking(Command::sync, 77), half), 144);
}

TEST(Gate, APolicyThatHasChangedIsFetchedAnew) {
  Device device = provisioned();
  device.policy_values = {"camera_allowed=false"};
  EXPECT_EQ(status(asking(Command::sync, 77), device), 143);
  EXPECT_EQ(status(asking(Command::sync, 78), device), 144) << "the key goes before";
  device.policy_values = {"camera_allowed=false", "of_a_later_release=1", "camera_allowed=true"};
  EXPECT_EQ(status(asking(Command::sync, 77), device), 0) << "the last word counts";
}

TEST(Gate, SomeNeedNone) {
  EXPECT_EQ(status(asking(Command::provision, std::nullopt), provisioned()), 0);
  EXPECT_EQ(status(asking(Command::ping, std::nullopt), provisioned()), 0);
  EXPECT_EQ(status(asking(Command::ping, 78), provisioned()), 144);
  EXPECT_EQ(status(asking(Command::sync, std::nullopt), provisioned(), false), 0);
  Request validating = asking(Command::folder_sync, std::nullopt);
  validating.device_id = kValidatingDevice;
  EXPECT_EQ(status(validating, provisioned()), 0);
}

TEST(Gate, AccessGoesBeforePolicy) {
  Device blocked = provisioned();
  blocked.by_rule = DeviceAccess::blocked;
  EXPECT_EQ(status(asking(Command::sync, 77), blocked), 129);
  EXPECT_EQ(status(asking(Command::provision, 77), blocked), 129);
  blocked.decided = DeviceAccess::allowed;
  EXPECT_EQ(status(asking(Command::sync, 77), blocked), 0);
  Device waiting = provisioned();
  waiting.decided = DeviceAccess::quarantined;
  EXPECT_EQ(status(asking(Command::sync, 77), waiting), 130);
}

TEST(Gate, DevicesThatNoRuleFitsAreAsTheSettingsSay) {
  ActiveSyncSettings settings;
  settings.new_devices = "quarantined";
  const Request request = asking(Command::sync, 77);
  Device device = provisioned();
  ASSERT_TRUE(gate_refusal(request, device, settings));
  EXPECT_EQ(gate_refusal(request, device, settings)->status.code, 130);
  device.by_rule = DeviceAccess::allowed;
  EXPECT_FALSE(gate_refusal(request, device, settings));
}

TEST(Gate, AWipeGoesBeforeEverything) {
  Device device = provisioned();
  device.wipe = DeviceWipe::full;
  device.decided = DeviceAccess::blocked;
  EXPECT_EQ(status(asking(Command::sync, 77), device), 140);
  EXPECT_EQ(status(asking(Command::provision, 77), device), 0);
  device.wiped_at = WallTime();
  EXPECT_EQ(status(asking(Command::provision, 77), device), 129);
}

TEST(Gate, OnlyNewDevicesAreToldToGiveUpOneAccount) {
  Device device = provisioned();
  device.wipe = DeviceWipe::account_only;
  Request request = asking(Command::provision, 77);
  request.version = ProtocolVersion::v16_0;
  EXPECT_EQ(status(request, device), 129) << "it would erase everything";
  request.version = ProtocolVersion::v16_1;
  EXPECT_EQ(status(request, device), 0);
}

}  // namespace
}  // namespace postern::activesync
