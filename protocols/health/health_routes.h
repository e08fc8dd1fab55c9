// What machines ask about a server: /readyz for load balancers (200 as long as mail can be served: the
// database answers, and nobody is told to stop), /metrics for Prometheus. /livez is the HTTP door's own.
#pragma once

#include "config/settings.h"
#include "protocols/http/router.h"
#include "protocols/shared/services.h"

namespace postern::health {

// settings and what services refers to outlive the router.
void add_health_routes(http::Router& router, const Settings& settings, const Services& services);

}  // namespace postern::health
