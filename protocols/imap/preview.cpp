#include "protocols/imap/preview.h"

#include <vector>

namespace postern::imap {

const mime::Part* preview_part(const mime::Part& root) {
  const mime::Part* html = nullptr;
  std::vector<const mime::Part*> open{&root};
  while (!open.empty()) {
    const mime::Part& part = *open.back();
    open.pop_back();
    if (part.disposition == "attachment") continue;
    if (part.type == "text" && part.subtype == "plain") return &part;
    if (part.type == "text" && part.subtype == "html" && html == nullptr) html = &part;
    if (!part.is_multipart()) continue;
    for (auto child = part.children.rbegin(); child != part.children.rend(); ++child) open.push_back(&*child);
  }
  return html;
}

std::string preview_of(const std::string& text) {
  std::string preview;
  std::size_t characters = 0;
  bool blank = false;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet <= ' ' || octet == 0x7F) {
      blank = !preview.empty();
      continue;
    }
    const bool begins_character = (octet & 0xC0) != 0x80;
    if (begins_character) {
      characters += blank ? 2 : 1;
      if (characters > kPreviewCharactersMax) break;
      if (blank) preview += ' ';
      blank = false;
    }
    preview += c;
  }
  return preview;
}

}  // namespace postern::imap
