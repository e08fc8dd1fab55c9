// Tag: which element it is, by code page and token. In code a tag is written by its name,
// "Email:Subject"_tag, which the compiler looks up and refuses if Microsoft has no such element. MS-ASWBXML
// section 2.1.2.1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/activesync/wbxml/code_page_table.h"

namespace postern::activesync {

// The high octet is the page, the low one the token. A reader makes tags of tokens that have no name, too.
enum class Tag : std::uint16_t {};

constexpr Tag make_tag(std::size_t page, std::size_t token) {
  return static_cast<Tag>(page << 8 | token);
}
constexpr std::uint8_t page_of(Tag tag) {
  return static_cast<std::uint8_t>(static_cast<std::uint16_t>(tag) >> 8);
}
constexpr std::uint8_t token_of(Tag tag) {
  return static_cast<std::uint8_t>(static_cast<std::uint16_t>(tag));
}

constexpr std::uint8_t kTokenFirst = 0x05;  // below are WBXML's own
constexpr std::uint8_t kTokenLast = 0x3F;
constexpr std::size_t kCodePages = std::size(kCodePageTexts);

// "Email:Subject". nullopt: no such element.
constexpr std::optional<Tag> find_tag(std::string_view qualified) {
  const std::size_t colon = qualified.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view name = qualified.substr(colon + 1);
  for (std::size_t page = 0; page < kCodePages; ++page) {
    if (kCodePageTexts[page].name != qualified.substr(0, colon)) continue;
    std::string_view rest = kCodePageTexts[page].elements;
    for (std::size_t token = kTokenFirst; !rest.empty(); ++token) {
      const std::size_t size = std::min(rest.find(' '), rest.size());
      if (rest.substr(0, size) == name && name != "-") return make_tag(page, token);
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  }
  return std::nullopt;
}

consteval Tag operator""_tag(const char* qualified, std::size_t size) {
  return find_tag(std::string_view(qualified, size)).value();
}

// Empty if the page or the token has no name.
std::string_view page_name(std::uint8_t page);
std::string_view element_name(Tag tag);
// "Email:Subject", or "Page02:Token3F" for what has no name.
std::string qualified_name(Tag tag);

// Elements of the type byte array travel as OPAQUE, all others as STR_I (MS-ASDTYPE section 2.7.1).
constexpr bool is_byte_array(Tag tag) {
  switch (tag) {
    case "ResolveRecipients:Data"_tag:
    case "Search:ConversationId"_tag:
    case "GAL:Data"_tag:
    case "AirSyncBase:Content"_tag:
    case "ItemOperations:ConversationId"_tag:
    case "ComposeMail:Mime"_tag:
    case "Email2:ConversationId"_tag:
    case "Email2:ConversationIndex"_tag: return true;
    default: return false;
  }
}

}  // namespace postern::activesync
