// rooms: mime
// Header values: addresses, parameters, dates, encoded-words and charsets stay within their bounds and yield
// UTF-8.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/base/text.h"
#include "storage/mime/address.h"
#include "storage/mime/charset.h"
#include "storage/mime/content_type.h"
#include "storage/mime/date_time.h"
#include "storage/mime/decode.h"
#include "storage/mime/fold.h"
#include "storage/mime/header.h"
#include "storage/mime/html_text.h"

namespace {

using namespace postern::mime;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_text(std::string_view text, std::size_t octets_max) {
  require(text.size() <= octets_max && postern::text::is_utf8(text));
  for (const char c : text) require(static_cast<unsigned char>(c) >= ' ' && c != 0x7f);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const std::string value = unfold(octets);
  require(value.size() <= octets.size() &&
          value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);

  const auto addresses = parse_addresses(value, 100);
  require(addresses.size() <= 101);
  require(display(addresses, 1000).size() <= 1000);

  if (const auto type = parse_content_type(value)) {
    require(type->parameters.size() <= kParametersMax);
    for (const Parameter& parameter : type->parameters) {
      check_text(decode_parameter(type->parameters, parameter.name), kHeaderTextOctetsMax);
    }
  }
  parse_content_disposition(value);
  parse_languages(value);
  parse_transfer_encoding(value);

  if (const auto date = parse_date(value)) require(parse_date(format_date(*date)) == date);

  const std::string text = decode_text(value);
  check_text(text, std::min(value.size() * 4, kHeaderTextOctetsMax));
  require(postern::text::is_utf8(fold(text)));
  require(fold(text, 100).size() <= 100);

  const auto charset_end = octets.find('\n');
  if (charset_end != std::string_view::npos) {
    const std::string utf8 = to_utf8(octets.substr(charset_end + 1), octets.substr(0, charset_end));
    require(postern::text::is_utf8(utf8));
    require(html_to_text(utf8, utf8.size()) == html_to_text(utf8, utf8.size() + 1));
    require(postern::text::is_utf8(html_to_text(utf8, 100)));
  }
  return 0;
}
