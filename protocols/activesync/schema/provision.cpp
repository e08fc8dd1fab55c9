#include "protocols/activesync/schema/provision.h"

#include "protocols/activesync/schema/values.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

std::optional<PolicyRequest> read_policy(Element policies) {
  const auto element = policies.find("Provision:Policy"_tag);
  if (!element) return std::nullopt;
  PolicyRequest policy;
  for (const Element child : *element) {
    switch (child.tag()) {
      case "Provision:PolicyType"_tag: policy.type = child.text(); break;
      case "Provision:PolicyKey"_tag: policy.key = text_of(child, kIdOctetsMax).value_or(""); break;
      case "Provision:Status"_tag: {
        const auto applied = number_of(child, static_cast<std::uint32_t>(PolicyApplied::by_third_party));
        if (!applied || *applied == 0) return std::nullopt;
        policy.applied = static_cast<PolicyApplied>(*applied);
        break;
      }
      default: break;
    }
  }
  if (policy.type.empty() || policy.key.empty() != !policy.applied) return std::nullopt;
  return policy;
}

// Android's acknowledgement has the Status inside, that of early iOS before it, and some have none: then the
// device says that it is done.
WipeResult read_wipe(Element wipe, Element root) {
  auto status = wipe.find("Provision:Status"_tag);
  if (!status) status = root.find("Provision:Status"_tag);
  return !status || number_of(*status, 1) ? WipeResult::done : WipeResult::failed;
}

}  // namespace

Parsed<ProvisionRequest> read_provision(Element root) {
  ProvisionRequest request;
  for (const Element child : root) {
    switch (child.tag()) {
      case "Settings:DeviceInformation"_tag:
        request.device_information = read_device_information(child);
        break;
      case "Provision:Policies"_tag:
        request.policy = read_policy(child);
        if (!request.policy) return ProvisionStatus::protocol_error;
        break;
      case "Provision:RemoteWipe"_tag: request.remote_wipe = read_wipe(child, root); break;
      case "Provision:AccountOnlyRemoteWipe"_tag:
        request.account_only_remote_wipe = read_wipe(child, root);
        break;
      default: break;
    }
  }
  if (!request.policy && !request.remote_wipe && !request.account_only_remote_wipe) {
    return ProvisionStatus::protocol_error;
  }
  return request;
}

void write(std::string& out, const ProvisionResponse& response, ProtocolVersion version) {
  Writer writer(out);
  const auto root = writer.open("Provision:Provision"_tag);
  if (response.device_information_status) {
    const auto device = writer.open("Settings:DeviceInformation"_tag);
    writer.number("Settings:Status"_tag, response.device_information_status->code);
  }
  writer.number("Provision:Status"_tag, response.status.code);
  if (response.policy) {
    const auto policies = writer.open("Provision:Policies"_tag);
    const auto policy = writer.open("Provision:Policy"_tag);
    writer.text("Provision:PolicyType"_tag, response.policy->type);
    writer.number("Provision:Status"_tag, response.policy->status.code);
    if (!response.policy->key.empty()) writer.text("Provision:PolicyKey"_tag, response.policy->key);
    if (response.policy->policy) {
      const auto data = writer.open("Provision:Data"_tag);
      write_policy(writer, *response.policy->policy);
    }
  }
  if (response.remote_wipe) writer.empty("Provision:RemoteWipe"_tag);
  if (response.account_only_remote_wipe && version >= ProtocolVersion::v16_1) {
    writer.empty("Provision:AccountOnlyRemoteWipe"_tag);
  }
}

}  // namespace postern::activesync
