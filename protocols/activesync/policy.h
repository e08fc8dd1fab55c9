// The policy of a device: the settings, with what its plan, domain and account say otherwise; as MS-ASPROV
// has it, and its version, which tells whether a device has agreed to this one. Pure.
#pragma once

#include <cstdint>

#include "config/settings.h"
#include "protocols/activesync/schema/policy.h"
#include "storage/model/device.h"

namespace postern::activesync {

PolicySettings policy_settings_of(const Device& device, const PolicySettings& settings);

Policy policy_document(const PolicySettings& settings);

// The same values have the same version on every node; nothing counts up. Not 0.
std::uint32_t policy_version(const PolicySettings& settings);

}  // namespace postern::activesync
