// The contract of the API as it is served: the parts in openapi/, joined by the build.
#pragma once

#include <string>

namespace postern::admin {

std::string contract();

}  // namespace postern::admin
