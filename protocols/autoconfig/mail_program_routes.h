// How mail programs find their servers: Mozilla's autoconfig at both of its places, Apple's profiles, and the
// policy of MTA-STS (RFC 8461) for the domains. For everybody: nothing of an account is told, not even
// whether there is one; a domain that is not served is not found.
#pragma once

#include "config/settings.h"
#include "protocols/http/router.h"
#include "protocols/shared/services.h"

namespace postern::autoconfig {

// settings and what services refers to outlive the router. Reads the key that signs profiles.
void add_mail_program_routes(http::Router& router, const Settings& settings, const Services& services);

}  // namespace postern::autoconfig
