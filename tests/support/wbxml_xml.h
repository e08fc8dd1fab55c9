// The way back from xml_dump (protocols/activesync/wbxml/xml_dump.h): the XML in which tests and transcripts
// are written, as WBXML octets. It knows elements, text, the five entities, character numbers, comments and
// the attribute opaque; text between elements is layout and dropped.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

// invalid: the detail says what is wrong and in which line.
Result<std::string> wbxml_from_xml(std::string_view xml);

// Both steps at once, for tests that need a tree.
Result<Document> document_from_xml(std::string_view xml);

}  // namespace postern::activesync
