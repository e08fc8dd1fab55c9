// Address lists of RFC 5322 §3.4 and §4.4 in the form IMAP's ENVELOPE wants (RFC 9051 §7.5.2): quoting
// removed, obsolete routes, groups as start and end marks, a comment as the name where old mail has no other.
//
// Malformed lists give what can be made of them, in linear time. An address without a domain has an empty
// host, never an absent one: that would make it a group.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "storage/mime/part.h"

namespace postern::mime {

// `value` is unfolded. At most addresses_max entries, and the end of a group that was open then.
std::vector<EnvelopeAddress> parse_addresses(std::string_view value, std::size_t addresses_max);

// For people and for searching: "Name <local@host>, …", names decoded to UTF-8, groups as "Name: …;".
// At most octets_max octets.
std::string display(const std::vector<EnvelopeAddress>& addresses, std::size_t octets_max = 64 * 1024);

}  // namespace postern::mime
