// A document as indented XML, for trace logs and transcripts. An element's page stands in front of its name
// where it differs from the parent's:
//
//   <AirSync:Sync>
//     <Status>1</Status>
//     <Email:Subject>Hello</Email:Subject>
//
// OPAQUE content is marked: <Mime opaque="text"> if it reads as text, else opaque="base64".
#pragma once

#include <cstddef>
#include <string>

#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

struct DumpOptions {
  // Longer content is cut and its size told: for logs. Names, subjects and texts of people are in a dump, so
  // a log that has them is the administrator's express wish.
  std::size_t content_octets_max = static_cast<std::size_t>(-1);
  // Of these elements only how long their content is.
  bool (*is_private)(Tag) = nullptr;
};

std::string xml_dump(const Document& document, const DumpOptions& options = {});

}  // namespace postern::activesync
