#include "protocols/activesync/wbxml/writer.h"

#include <fmt/format.h>

namespace postern::activesync {

namespace {

constexpr char kSwitchPage = 0x00;
constexpr char kEnd = 0x01;
constexpr char kInlineString = 0x03;
constexpr char kOpaque = static_cast<char>(0xC3);
constexpr std::uint8_t kHasContent = 0x40;
// Version 1.3, unknown public identifier, UTF-8, an empty string table.
constexpr std::string_view kHeader("\x03\x01\x6A\x00", 4);

void append_number(std::uint32_t value, std::string& out) {
  for (int shift = 28; shift > 0; shift -= 7) {
    if (value >> shift != 0) out += static_cast<char>(0x80 | (value >> shift & 0x7F));
  }
  out += static_cast<char>(value & 0x7F);
}

}  // namespace

Writer::Writer(std::string& out) : out_(out) {
  out_ += kHeader;
}

Writer::Open Writer::open(Tag tag) {
  begin(tag);
  return Open(*this);
}

void Writer::begin(Tag tag) {
  tag_octet(tag, true);
}

void Writer::close() {
  out_ += kEnd;
}

void Writer::empty(Tag tag) {
  tag_octet(tag, false);
}

void Writer::text(Tag tag, std::string_view content) {
  if (content.empty()) return empty(tag);
  if (is_byte_array(tag)) {
    begin_opaque(tag, static_cast<std::uint32_t>(content.size()));
    out_ += content;
    return end_opaque();
  }
  tag_octet(tag, true);
  out_ += kInlineString;
  while (!content.empty()) {
    const std::size_t size = std::min(content.find('\0'), content.size());
    out_ += content.substr(0, size);
    content.remove_prefix(std::min(size + 1, content.size()));
  }
  out_ += '\0';
  close();
}

void Writer::number(Tag tag, std::uint64_t value) {
  text(tag, fmt::format_int(value).c_str());
}

void Writer::boolean(Tag tag, bool value) {
  text(tag, value ? "1" : "0");
}

void Writer::begin_opaque(Tag tag, std::uint32_t size) {
  tag_octet(tag, true);
  out_ += kOpaque;
  append_number(size, out_);
}

void Writer::end_opaque() {
  close();
}

void Writer::tag_octet(Tag tag, bool has_content) {
  if (page_of(tag) != page_) {
    page_ = page_of(tag);
    out_ += kSwitchPage;
    out_ += static_cast<char>(page_);
  }
  out_ += static_cast<char>(token_of(tag) | (has_content ? kHasContent : 0));
}

}  // namespace postern::activesync
