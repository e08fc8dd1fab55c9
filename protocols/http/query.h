// Values of a query string (WHATWG URL §5.1: "a=b&c=d", '+' for a space). Names compare without case, as
// phones spell them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern::http {

// The first of that name, decoded. nullopt: none, or a broken escape in it.
std::optional<std::string> query_value(std::string_view query, std::string_view name);
// %HH undone. nullopt: broken.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace postern::http
