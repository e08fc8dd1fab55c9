// Autodiscover: a phone that knows an address and a password learns where to synchronise. XML ("POX", after a
// log-in, and only for accounts that may synchronise) and JSON version 2 (for everybody: it tells nothing of
// accounts). Mail clients ask elsewhere: other schemas are answered with error 601.
#pragma once

#include "config/settings.h"
#include "protocols/http/router.h"
#include "protocols/shared/services.h"

namespace postern::autoconfig {

// settings and what services refers to outlive the router.
void add_autodiscover_routes(http::Router& router, const Settings& settings, const Services& services);

}  // namespace postern::autoconfig
