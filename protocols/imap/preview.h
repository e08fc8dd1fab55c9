// The first words of a message (RFC 8970). Pure: which part they are taken from, and what is shown of its
// text.
#pragma once

#include <string>

#include "storage/mime/part.h"

namespace postern::imap {

constexpr std::size_t kPreviewCharactersMax = 200;          // RFC 8970 §3.1: at most 200, or 256
constexpr std::size_t kPreviewSourceOctetsMax = 32 * 1024;  // of a part; long style sheets hide the rest

// The first plain text, else the first HTML, that is no attachment. nullptr: there is nothing to read.
const mime::Part* preview_part(const mime::Part& root);

// Runs of blanks and line ends become one blank. `text` is UTF-8.
std::string preview_of(const std::string& text);

}  // namespace postern::imap
