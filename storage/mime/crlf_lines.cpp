#include "storage/mime/crlf_lines.h"

namespace postern::mime {

void CrlfLines::feed(std::string_view octets, std::string& out) {
  out.reserve(out.size() + octets.size() + 1);
  for (const char c : octets) {
    if (cr_) {
      cr_ = false;
      at_line_start_ = true;
      out += "\r\n";
      if (c == '\n') continue;
      bare_ends_ = true;
    }
    if (c == '\r') {
      cr_ = true;
    } else if (c == '\n') {
      bare_ends_ = true;
      at_line_start_ = true;
      out += "\r\n";
    } else {
      nul_ = nul_ || c == '\0';
      eight_bit_ = eight_bit_ || static_cast<unsigned char>(c) >= 0x80;
      at_line_start_ = false;
      out += c;
    }
  }
}

void CrlfLines::finish(std::string& out) {
  bare_ends_ = bare_ends_ || cr_;
  if (cr_ || !at_line_start_) out += "\r\n";
  cr_ = false;
  at_line_start_ = true;
}

}  // namespace postern::mime
