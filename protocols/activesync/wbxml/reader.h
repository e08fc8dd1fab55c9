// WBXML 1.3 as ActiveSync uses it (MS-ASWBXML section 2.1.1): switches of code page, elements without
// attributes, inline strings, opaque data, character entities. The string table is skipped; what refers to it
// is refused, as are attributes, extensions, literals and processing instructions.
//
// Iterative and bounded: 50 KB of nested start tags are an error, not a deep stack.
#pragma once

#include <cstddef>
#include <string>

#include "gateway/base/result.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

constexpr std::size_t kDepthMax = 32;  // the deepest request of a real client measured 9

struct ReadLimits {
  std::size_t octets_max = 64 * 1024 * 1024;         // at most 512 MiB: offsets have 32 bits
  std::size_t opaque_octets_max = 64 * 1024 * 1024;  // each
  std::size_t elements_max = 100'000;
};

// Takes the body of a request. Octets behind the root element are ignored. invalid: not such a document;
// too_large: beyond a limit. The detail names the octet, and nothing of the content.
Result<Document> read(std::string octets, const ReadLimits& limits = {});

}  // namespace postern::activesync
