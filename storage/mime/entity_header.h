// What the header of one MIME entity says: the content fields of a Part and, for a message, its Envelope and
// the fields that lists ask for.
#pragma once

#include <cstddef>
#include <string_view>

#include "storage/mime/part.h"

namespace postern::mime {

// Bound on the addresses of all envelopes of one message: they take a hundred times the room of their octets.
constexpr std::size_t kAddressesMax = 50'000;

// Content-Type to Content-Location. Of a repeated field the first counts. An unreadable Content-Type means
// text/plain (RFC 2045 §5.2); if there is none, part.type and part.subtype stay what they were.
void read_content_fields(std::string_view header, Part& part);

// Of a repeated field the first counts, but lists of addresses are joined. addresses_left goes down by what
// was taken.
Envelope read_envelope(std::string_view header, std::size_t& addresses_left);

// Fills structure.list_headers and list_headers_complete. `cut_off`: the header goes on behind these octets,
// so the last field may not be whole.
void read_list_headers(std::string_view header, bool cut_off, Structure& structure);

}  // namespace postern::mime
