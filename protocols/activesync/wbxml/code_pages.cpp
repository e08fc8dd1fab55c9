#include "protocols/activesync/wbxml/code_pages.h"

#include <fmt/format.h>

#include <array>

namespace postern::activesync {

namespace {

// By page, then by token. An empty name: no such element.
using TagNames = std::array<std::array<std::string_view, kTokenLast + 1>, kCodePages>;

constexpr TagNames make_tag_names() {
  TagNames names{};
  for (std::size_t page = 0; page < kCodePages; ++page) {
    std::string_view rest = kCodePageTexts[page].elements;
    for (std::size_t token = kTokenFirst; !rest.empty(); ++token) {
      const std::size_t size = std::min(rest.find(' '), rest.size());
      if (rest.substr(0, size) != "-") names[page][token] = rest.substr(0, size);
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  }
  return names;
}
constexpr TagNames kTagNames = make_tag_names();

}  // namespace

std::string_view page_name(std::uint8_t page) {
  return page < kCodePages ? kCodePageTexts[page].name : std::string_view();
}

std::string_view element_name(Tag tag) {
  const std::uint8_t token = token_of(tag);
  if (page_of(tag) >= kCodePages || token > kTokenLast) return {};
  return kTagNames[page_of(tag)][token];
}

std::string qualified_name(Tag tag) {
  const std::string_view name = element_name(tag);
  if (name.empty()) return fmt::format("Page{:02X}:Token{:02X}", page_of(tag), token_of(tag));
  return fmt::format("{}:{}", page_name(page_of(tag)), name);
}

}  // namespace postern::activesync
