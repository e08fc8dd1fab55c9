// What this server can do for this client at this moment (RFC 3501 §6.1.1).
#pragma once

#include "protocols/imap/command_table.h"
#include "protocols/imap/session.h"

namespace postern::imap {

Offer offer_of(Session& session);
// STARTTLS has a certificate, and the connection is in clear.
bool can_start_tls(const Session& session);

}  // namespace postern::imap
