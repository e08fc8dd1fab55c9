// The parts of a CATENATE that are messages already (RFC 4469): their octets go from the store into the
// store.
#pragma once

#include "protocols/imap/session.h"

namespace postern::imap {

// Appends what the URL names to a message that has room for octets_max more. not_found: the URL, whatever is
// wrong with it; too_large.
Task<Result<void>> append_url(Authenticated& user, std::string url, MessageSink& sink,
                              std::uint64_t octets_max);

}  // namespace postern::imap
