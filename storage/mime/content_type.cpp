// Content-Type, Content-Disposition and the one-token content fields. RFC 2045 §5.1 and §6.1, RFC 2183, RFC
// 3282.
#include "storage/mime/content_type.h"

#include <utility>

#include "gateway/base/text.h"
#include "storage/mime/parameters.h"

namespace postern::mime {

std::optional<ContentType> parse_content_type(std::string_view value) {
  const std::string_view type = take_token(value);
  if (type.empty() || value.empty() || value.front() != '/') return std::nullopt;
  value.remove_prefix(1);
  const std::string_view subtype = take_token(value);
  if (subtype.empty()) return std::nullopt;
  return ContentType{text::to_lower(type), text::to_lower(subtype), parse_parameters(value)};
}

std::optional<ContentDisposition> parse_content_disposition(std::string_view value) {
  const std::string_view type = take_token(value);
  if (type.empty()) return std::nullopt;
  return ContentDisposition{text::to_lower(type), parse_parameters(value)};
}

std::string parse_transfer_encoding(std::string_view value) {
  const std::string_view token = take_token(value);
  return token.empty() ? "7bit" : text::to_lower(token);
}

std::vector<std::string> parse_languages(std::string_view value) {
  std::vector<std::string> languages;
  while (!value.empty() && languages.size() < kParametersMax) {
    const std::string_view tag = take_token(value);
    if (!tag.empty()) languages.emplace_back(tag);
    if (tag.empty() && !value.empty()) value.remove_prefix(1);
  }
  return languages;
}

}  // namespace postern::mime
