// One operation of ItemOperations, and its answer in XML or in parts. MS-ASCMD section 2.2.1.10.
#pragma once

#include "tests/phone/phone.h"

namespace postern::phone {

// A BodyPreference for all of it, as the type.
Node whole_body(std::uint32_t type);
// `place`: CollectionId and ServerId, or LongId.
LocalItem fetch_item(Phone& phone, std::vector<Node> place, std::vector<Node> wishes);
std::string fetch_file(Phone& phone, const std::string& file_reference);

}  // namespace postern::phone
