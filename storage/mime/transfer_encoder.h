// Content-Transfer-Encoding applied (RFC 2045 §6.7, §6.8); transfer_encoding.h undoes it.
#pragma once

#include <string>
#include <string_view>

namespace postern::mime {

constexpr std::size_t kBase64LineOctets = 57;  // of input, for the 76 characters of a line

// Lines of at most 76 characters, each with its CRLF. Called for pieces of one body, all but the last must be
// a multiple of kBase64LineOctets.
void append_base64_lines(std::string& out, std::string_view octets);

// `text` has CRLF line ends; they stay line ends. Lines of at most 76 characters.
std::string quoted_printable(std::string_view text);

}  // namespace postern::mime
