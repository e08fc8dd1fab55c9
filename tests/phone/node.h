// A request as a tree, and its WBXML. Real clients differ in the order of elements and in elements that no
// server knows; a tree is written with the habits of one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/activesync/wbxml/code_pages.h"
#include "protocols/activesync/wbxml/element.h"

namespace postern::phone {

using activesync::Element;
using activesync::Tag;
using activesync::operator""_tag;

struct Node {
  Tag tag{};
  std::string text;
  std::vector<Node> children;
};

Node empty(Tag tag);
Node text(Tag tag, std::string content);
Node number(Tag tag, std::uint64_t value);
Node element(Tag tag, std::vector<Node> children);

struct WritingHabits {
  bool own_order = false;         // another order of elements than the schema has
  bool unknown_elements = false;  // of code pages and tokens that nobody has defined
};
std::string to_wbxml(const Node& root, WritingHabits habits);

// Of an answer. Broken: it is not there, or no number.
Element child_of(Element parent, Tag tag);
std::string text_in(Element parent, Tag tag);
std::optional<std::string> text_if_any(Element parent, Tag tag);
std::uint32_t number_in(Element parent, Tag tag);
void expect_status(Element parent, Tag tag, std::uint32_t wanted, std::string_view what);

}  // namespace postern::phone
