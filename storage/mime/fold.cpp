// Character by character through utf8proc; ASCII, which most text is, without it.
#include "storage/mime/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"
#include "storage/mime/octet_set.h"

namespace postern::mime {
namespace {

// No character decomposes into more (U+FDFA has 18).
constexpr std::size_t kDecompositionMax = 32;

void append_folded(std::string& out, utf8proc_int32_t character) {
  constexpr auto kOptions =
      static_cast<utf8proc_option_t>(UTF8PROC_CASEFOLD | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE);
  std::array<utf8proc_int32_t, kDecompositionMax> folded;
  int boundary_class = 0;
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(character, folded.data(), folded.size(), kOptions, &boundary_class);
  if (count < 0 || static_cast<std::size_t>(count) > folded.size()) {
    out += kReplacement;
    return;
  }
  for (utf8proc_ssize_t i = 0; i < count; ++i) {
    std::array<utf8proc_uint8_t, 4> octets;
    const utf8proc_ssize_t size = utf8proc_encode_char(folded[static_cast<std::size_t>(i)], octets.data());
    out.append(reinterpret_cast<const char*>(octets.data()), static_cast<std::size_t>(size));
  }
}

}  // namespace

std::string fold(std::string_view utf8, std::size_t octets_max) {
  std::string out;
  out.reserve(std::min(utf8.size(), octets_max));
  while (!utf8.empty()) {
    const std::size_t before = out.size();
    if (const std::size_t ascii = ascii_prefix(utf8); ascii > 0) {
      const std::size_t fitting = std::min(ascii, octets_max - before);
      out += utf8.substr(0, fitting);
      for (std::size_t i = before; i < out.size(); ++i) out[i] = text::lower(out[i]);
      utf8.remove_prefix(ascii);
      if (fitting < ascii) break;
      continue;
    }
    std::size_t taken = 1;
    utf8proc_int32_t character = -1;
    const utf8proc_ssize_t octets = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                                     static_cast<utf8proc_ssize_t>(utf8.size()), &character);
    if (octets > 0) taken = static_cast<std::size_t>(octets);
    if (octets > 0)
      append_folded(out, character);
    else
      out += kReplacement;
    if (out.size() > octets_max) {
      out.resize(before);
      break;
    }
    utf8.remove_prefix(taken);
  }
  return out;
}

}  // namespace postern::mime
