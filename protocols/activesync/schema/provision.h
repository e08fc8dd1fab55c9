// Provision: the policy's two phases and the remote wipe. MS-ASPROV section 2.2.2.
#pragma once

#include <optional>
#include <string>

#include "protocols/activesync/schema/device_information.h"
#include "protocols/activesync/schema/policy.h"
#include "protocols/activesync/schema/protocol_version.h"
#include "protocols/activesync/schema/status.h"

namespace postern::activesync {

// MS-ASPROV section 2.2.2.54.2
enum class ProvisionStatus : std::uint16_t { ok = 1, protocol_error = 2, server_error = 3 };
// MS-ASPROV section 2.2.2.54.1: in answers.
enum class PolicyStatus : std::uint16_t {
  ok = 1,
  no_policy = 2,
  unknown_type = 3,
  corrupted = 4,
  wrong_key = 5
};
// … and as a device acknowledges.
enum class PolicyApplied : std::uint8_t { fully = 1, partly = 2, not_at_all = 3, by_third_party = 4 };
enum class WipeResult : std::uint8_t { done = 1, failed = 2 };

constexpr std::string_view kPolicyType = "MS-EAS-Provisioning-WBXML";

struct PolicyRequest {
  std::string type;
  // Both are there in the acknowledgement, and neither is in the first request.
  std::string key;
  std::optional<PolicyApplied> applied;
};

struct ProvisionRequest {
  std::optional<DeviceInformation> device_information;
  std::optional<PolicyRequest> policy;
  std::optional<WipeResult> remote_wipe;  // acknowledged
  std::optional<WipeResult> account_only_remote_wipe;
};

Parsed<ProvisionRequest> read_provision(Element root);

struct PolicyResponse {
  std::string type{kPolicyType};
  Status status = PolicyStatus::ok;
  std::string key;               // empty: left out
  std::optional<Policy> policy;  // in the first phase only
};
struct ProvisionResponse {
  Status status = ProvisionStatus::ok;
  std::optional<Status> device_information_status;  // 14.1 and later, if the request had it
  std::optional<PolicyResponse> policy;
  bool remote_wipe = false;
  bool account_only_remote_wipe = false;  // 16.1
};
void write(std::string& out, const ProvisionResponse& response, ProtocolVersion version);

}  // namespace postern::activesync
