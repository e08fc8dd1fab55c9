// The table of contents of the doors: one line per protocol.
#pragma once

#include <memory>
#include <vector>

#include "config/settings.h"
#include "gateway/net/front_end.h"
#include "protocols/shared/services.h"

namespace postern {

std::vector<std::unique_ptr<FrontEnd>> make_front_ends(const Settings& settings, Services services);

}  // namespace postern
