// What a device asks and hears, for the log: XML with the protocol's bookkeeping, and of everything that
// people wrote or are called only how long it is. What is not known to be bookkeeping counts as private.
// Pure.
#pragma once

#include <string>

#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

constexpr std::size_t kTracedOctetsMax = 256 * 1024;  // of one answer; and of its text

std::string trace_text(const Document& document);
// Of an answer as it was sent: WBXML, or octets of some other kind, whose number is told.
std::string trace_text(std::string answer);

}  // namespace postern::activesync
