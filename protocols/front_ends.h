// The table of contents of the doors: one line per protocol.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/settings.h"
#include "gateway/net/front_end.h"
#include "protocols/demo/stage.h"
#include "protocols/shared/services.h"

namespace postern {

// `demo`: the mailbox of the demo page; nullopt: there is no such page.
std::vector<std::unique_ptr<FrontEnd>> make_front_ends(const Settings& settings, Services services,
                                                       std::optional<demo::Mailbox> demo = std::nullopt);

}  // namespace postern
