// A device policy value by value, "lock_after_s=300", as plans, domains and accounts keep what they say
// otherwise. Two visitors of settings_rows.h, so that names and bounds are those of the settings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "gateway/base/result.h"

namespace postern {

// Changes the one value. invalid, with words for the administrator: no such name, or out of bounds.
Result<void> apply_policy_value(PolicySettings& policy, std::string_view assignment);

// All values, in the order of the settings.
std::vector<std::string> policy_values(const PolicySettings& policy);

}  // namespace postern
