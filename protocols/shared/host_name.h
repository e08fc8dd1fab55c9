// The name this server goes by in greetings and Received fields.
#pragma once

#include <string>

#include "config/settings.h"

namespace postern {

// server.hostname, or the machine's own name.
std::string host_name(const ServerSettings& settings);

}  // namespace postern
