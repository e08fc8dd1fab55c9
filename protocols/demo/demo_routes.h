// The demo page's scenes as routes of the HTTP door. Only `postern demo` has them, and only a provider's
// administrator is let in: whoever plays them is in the mailbox.
#pragma once

#include "protocols/demo/stage.h"
#include "protocols/http/router.h"

namespace postern::demo {

// POST /demo/{delivery,pop3,imap,imap-change,phone}: each answered while it plays (scene.h). Reads the
// server's certificate, so before root is dropped. settings and what services refers to outlive the router.
void add_demo_routes(http::Router& router, const Settings& settings, const Services& services,
                     Mailbox mailbox);

}  // namespace postern::demo
