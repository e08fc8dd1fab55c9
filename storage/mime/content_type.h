// Content-Type (RFC 2045 §5.1), Content-Disposition (RFC 2183) and their parameters, with the continuations
// of RFC 2231 joined. Tolerant of what mail has: forgotten semicolons and closing quotes, blanks in bare
// values.
//
// A parameter that has a charset or is percent-encoded keeps its star, as "filename*" with the value
// "utf-8''na%C3%AFve.txt"; decode.h makes UTF-8 of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/mime/part.h"

namespace postern::mime {

struct ContentType {
  std::string type;     // lower case
  std::string subtype;  // lower case
  std::vector<Parameter> parameters;
};

struct ContentDisposition {
  std::string type;  // lower case
  std::vector<Parameter> parameters;
};

// Values are unfolded. nullopt: not of the form type "/" subtype, so RFC 2045 §5.2's default applies.
std::optional<ContentType> parse_content_type(std::string_view value);
std::optional<ContentDisposition> parse_content_disposition(std::string_view value);
// Content-Transfer-Encoding (RFC 2045 §6.1) in lower case; "7bit" if there is no token.
std::string parse_transfer_encoding(std::string_view value);
// Content-Language (RFC 3282).
std::vector<std::string> parse_languages(std::string_view value);

}  // namespace postern::mime
