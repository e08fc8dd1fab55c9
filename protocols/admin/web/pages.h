// The web application at the HTTP door: one page, and the files that it asks for. Everything that it shows
// comes from the API; nothing here knows who asks.
#pragma once

#include "protocols/http/router.h"

namespace postern::web {

// GET / and GET /assets/*; of a build without the application, what a door without pages says.
void add_page_routes(http::Router& router);
// GET /demo: the page of three doors side by side, which needs the routes of protocols/demo.
void add_demo_page_route(http::Router& router);

}  // namespace postern::web
