// Header texts as people read them, in UTF-8: encoded-words (RFC 2047), parameters (RFC 2231), raw 8-bit
// text. Control octets never come out: C0 and DEL become spaces, C1 becomes U+FFFD. Output is well-formed
// UTF-8, at most four times its input and at most octets_max.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "storage/mime/part.h"

namespace postern::mime {

constexpr std::size_t kHeaderTextOctetsMax = 64 * 1024;

// `value` is unfolded. Encoded-words are decoded wherever they stand, also where RFC 2047 §5 forbids them.
std::string decode_text(std::string_view value, std::size_t octets_max = kHeaderTextOctetsMax);

// The parameter in UTF-8, its RFC 2231 form preferred; empty if absent.
std::string decode_parameter(const std::vector<Parameter>& parameters, std::string_view name);

// Content-Disposition's filename, else Content-Type's name; may be empty. It is a label, not a path: the
// caller must not open it.
std::string file_name(const Part& part);

}  // namespace postern::mime
