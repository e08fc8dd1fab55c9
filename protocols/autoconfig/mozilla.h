// Mozilla's autoconfig (Thunderbird, K-9, Evolution and others ask for it): "Autoconfiguration in
// Thunderbird", file format 1.1. Pure.
#pragma once

#include <string>

#include "protocols/autoconfig/client_settings.h"

namespace postern::autoconfig {

// The whole document. The user name is the placeholder %EMAILADDRESS%, so it is the same for everybody.
std::string mozilla_config(const ClientSettings& settings);

}  // namespace postern::autoconfig
