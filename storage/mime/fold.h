// Folding for searches without case: two texts match if their folds do. Unicode full case folding and
// compatibility decomposition, in the spirit of i;unicode-casemap (RFC 5051). Combining marks keep their
// order.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace postern::mime {

// Ill-formed octets become U+FFFD. Stops at the first character that would exceed octets_max.
std::string fold(std::string_view utf8, std::size_t octets_max = static_cast<std::size_t>(-1));

}  // namespace postern::mime
