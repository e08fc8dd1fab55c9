#include "protocols/http/query.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::http {

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto octet = text::unhex(text.substr(i + 1, 2));
    if (!octet || octet->size() != 1) return std::nullopt;
    decoded += *octet;
    i += 2;
  }
  return decoded;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  for (const std::string_view pair : text::split(query, '&')) {
    const std::size_t sign = std::min(pair.find('='), pair.size());
    if (!text::same(pair.substr(0, sign), name)) continue;
    std::string value(pair.substr(std::min(sign + 1, pair.size())));
    std::replace(value.begin(), value.end(), '+', ' ');
    return percent_decoded(value);
  }
  return std::nullopt;
}

}  // namespace postern::http
