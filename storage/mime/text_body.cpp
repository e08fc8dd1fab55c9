// Transfer encoding, charset, HTML: three decoders in a row, fed in slices so that only the text itself is
// kept.
#include "storage/mime/text_body.h"

#include <algorithm>
#include <utility>

namespace postern::mime {
namespace {

constexpr std::size_t kSliceOctets = 16 * 1024;

bool has_text(const Part& part) {
  return part.type == "text" && transfer_encoding_from(part.encoding).has_value();
}

const Charset* charset_of(const Part& part) {
  const std::string_view name = part.parameter("charset");
  return find_charset(name.empty() ? "utf-8" : name);
}

}  // namespace

TextBody::TextBody(const Part& part, std::size_t octets_max)
    : octets_max_(octets_max),
      ended_(!has_text(part)),
      transfer_(transfer_encoding_from(part.encoding).value_or(TransferEncoding::identity)),
      charset_(charset_of(part)) {
  if (part.subtype == "html") html_.emplace();
}

void TextBody::take_decoded(std::string_view octets) {
  if (!html_) return charset_.feed(octets, text_);
  std::string html;
  charset_.feed(octets, html);
  html_->feed(html, text_);
}

void TextBody::feed(std::string_view octets) {
  for (; !octets.empty() && !full(); octets.remove_prefix(std::min(kSliceOctets, octets.size()))) {
    std::string decoded;
    transfer_.feed(octets.substr(0, kSliceOctets), decoded);
    take_decoded(decoded);
  }
}

std::string TextBody::finish() {
  if (!ended_) {
    std::string decoded;
    transfer_.finish(decoded);
    take_decoded(decoded);
    std::string last;
    charset_.finish(last);
    if (html_) {
      html_->feed(last, text_);
      html_->finish(text_);
    } else {
      text_ += last;
    }
  }
  cut_utf8(text_, octets_max_);
  return std::move(text_);
}

std::string text_of(const Part& part, std::string_view body, std::size_t octets_max) {
  TextBody text(part, octets_max);
  text.feed(body);
  return text.finish();
}

}  // namespace postern::mime
