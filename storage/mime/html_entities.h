// Character references of HTML: numbers, and the names that mail uses (Latin-1, typographic marks).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern::mime {

constexpr std::size_t kEntityOctetsMax = 12;

// What stands between '&' and ';', as UTF-8. nullopt: not known.
std::optional<std::string> html_entity(std::string_view name);

void append_utf8(std::string& out, char32_t character);

}  // namespace postern::mime
