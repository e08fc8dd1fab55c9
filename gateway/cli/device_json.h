// Devices as the command line shows them.
#pragma once

#include "gateway/cli/output.h"
#include "storage/model/device.h"

namespace postern::cli {

// `otherwise`: activesync.new_devices.
Json device_row(const Device& device, const std::string& otherwise);   // a line of a list
Json device_json(const Device& device, const std::string& otherwise);  // everything

}  // namespace postern::cli
