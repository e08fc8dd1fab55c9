// What the door says about itself: a word for people who come by, and a sign of life for balancers.
#pragma once

#include "protocols/http/router.h"

namespace postern::http {

// GET /livez (200 as long as the process serves, whatever the database does).
void add_service_routes(Router& router);
// GET / where no web application is.
void add_front_without_pages(Router& router);

}  // namespace postern::http
