#include "storage/mime/transfer_encoder.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::mime {

namespace {

constexpr std::size_t kLineCharactersMax = 76;

class QuotedPrintableEncoder {
 public:
  std::string all(std::string_view text) {
    out_.reserve(text.size() + text.size() / 8);
    for (std::size_t at = 0; at < text.size(); ++at) {
      const std::string_view rest = text.substr(at);
      if (rest.starts_with("\r\n")) {
        out_ += "\r\n";
        column_ = 0;
        ++at;
        continue;
      }
      const char c = rest.front();
      const bool blank = c == ' ' || c == '\t';
      const bool at_line_end = rest.size() == 1 || rest.substr(1).starts_with("\r\n");
      const bool plain = (c > ' ' && c < 0x7F && c != '=') || (blank && !at_line_end);
      put(plain ? std::string(1, c) : escaped(c));
    }
    return std::move(out_);
  }

 private:
  static std::string escaped(char c) { return '=' + text::to_upper(text::hex(std::string_view(&c, 1))); }

  // One place stays free for the soft line break's "=".
  void put(const std::string& characters) {
    if (column_ + characters.size() >= kLineCharactersMax) {
      out_ += "=\r\n";
      column_ = 0;
    }
    out_ += characters;
    column_ += characters.size();
  }

  std::string out_;
  std::size_t column_ = 0;
};

}  // namespace

void append_base64_lines(std::string& out, std::string_view octets) {
  for (; !octets.empty(); octets.remove_prefix(std::min(kBase64LineOctets, octets.size()))) {
    out += text::base64(octets.substr(0, kBase64LineOctets));
    out += "\r\n";
  }
}

std::string quoted_printable(std::string_view text) {
  return QuotedPrintableEncoder().all(text);
}

}  // namespace postern::mime
