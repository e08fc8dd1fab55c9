// A browser that a page makes to speak to a mail port begins with an HTTP method (ALPACA). Every door closes
// at such a line.
#pragma once

#include <string_view>

namespace postern {

// The first word of the line is an HTTP method.
bool is_http_line(std::string_view line);

}  // namespace postern
