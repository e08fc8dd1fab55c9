// A name that nobody else has: eight hexadecimal digits.
#pragma once

#include <string>

namespace postern::backup {

std::string random_name();

}  // namespace postern::backup
