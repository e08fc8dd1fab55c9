// The API as routes of the HTTP door: finds the operation, asks who it is and whether he may, reads the body,
// and writes the answer. What a page adds (its files) are routes of their own beside these.
#pragma once

#include <string>

#include "config/settings.h"
#include "protocols/admin/authenticate.h"
#include "protocols/http/router.h"
#include "protocols/shared/services.h"

namespace postern::admin {

// settings and what services refers to outlive the router.
void add_routes(http::Router& router, const Settings& settings, const Services& services, Trust trust);

// Where the machine's own socket is; empty: nowhere, since nobody named a place and the data directory is not
// ours.
std::string socket_path(const Settings& settings);

}  // namespace postern::admin
