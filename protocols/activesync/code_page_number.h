// InternetCPID: Windows' number of a charset (MS-ASEMAIL section 2.2.2.42). A hint to old clients: what they
// are sent is UTF-8 in any case.
#pragma once

#include <cstdint>
#include <string_view>

namespace postern::activesync {

// UTF-8's for an unknown or empty name.
std::uint32_t code_page_number(std::string_view charset);

}  // namespace postern::activesync
