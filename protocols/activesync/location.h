// Where an account's phones are served, if not here (MS-ASHTTP section 3.1.5.2.2: 451 with X-MS-Location).
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace postern::activesync {

// The URL for the account's domain, unless it leads to `host`, by which the device has come: the nodes share
// their settings.
std::optional<std::string> other_location(const std::vector<LocationSettings>& locations,
                                          std::string_view account_address, std::string_view host);

}  // namespace postern::activesync
