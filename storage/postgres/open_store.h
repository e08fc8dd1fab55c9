// The one way into this room from outside: a Store on a PostgreSQL database.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/settings.h"
#include "gateway/async/loop.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "storage/store.h"

namespace postern::postgres {

// Connects when needed; does not migrate. `conninfo` as in DatabaseSettings::url or EmbeddedServer::conninfo.
// settings and clock outlive the store. `standing_act`: who does what the store's administrative verbs change
// (else the audit does not know); for a program that only one person uses.
std::unique_ptr<Store> open_store(Loop& loop, std::string conninfo, const Settings& settings,
                                  const Clock& clock, Log log, Metrics metrics = Metrics(),
                                  std::optional<Act> standing_act = std::nullopt);

}  // namespace postern::postgres
