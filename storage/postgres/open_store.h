// The one way into this room from outside: a Store on a PostgreSQL database.
#pragma once

#include <memory>
#include <string>

#include "config/settings.h"
#include "gateway/async/loop.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "storage/store.h"

namespace postern::postgres {

// Connects when needed; does not migrate. `conninfo` as in DatabaseSettings::url or EmbeddedServer::conninfo.
std::unique_ptr<Store> open_store(Loop& loop, std::string conninfo, const Settings& settings,
                                  const Clock& clock, Log log, Metrics metrics = Metrics());

}  // namespace postern::postgres
