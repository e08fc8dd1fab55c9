// A message as the page lists it.
#pragma once

#include <string_view>

#include "protocols/demo/scene.h"

namespace postern::demo {

// subject and from of a header block, as people read them.
Json listed(std::string_view header);

}  // namespace postern::demo
