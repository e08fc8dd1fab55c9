#include "tests/phone/node.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/wbxml/writer.h"
#include "tests/phone/expect.h"

namespace postern::phone {

namespace {

constexpr Tag kUnknownPage = activesync::make_tag(0x1F, 0x05);

// One that the page has not defined, if there is any left.
std::optional<Tag> unknown_in_page_of(Tag tag) {
  for (std::size_t token = activesync::kTokenLast; token >= activesync::kTokenFirst; --token) {
    const Tag candidate = activesync::make_tag(activesync::page_of(tag), token);
    if (element_name(candidate).empty()) return candidate;
  }
  return std::nullopt;
}

void write(activesync::Writer& out, const Node& node, WritingHabits habits) {
  if (node.children.empty()) {
    if (node.text.empty()) return out.empty(node.tag);
    return out.text(node.tag, node.text);
  }
  const auto open = out.open(node.tag);
  if (habits.unknown_elements) {
    if (const auto unknown = unknown_in_page_of(node.tag)) out.text(*unknown, "unknown");
    out.empty(kUnknownPage);
  }
  std::vector<const Node*> order;
  for (const Node& child : node.children) order.push_back(&child);
  // Elements of one name keep their order: they are a list.
  if (habits.own_order) {
    std::stable_sort(order.begin(), order.end(),
                     [](const Node* a, const Node* b) { return a->tag > b->tag; });
  }
  for (const Node* child : order) write(out, *child, habits);
}

}  // namespace

Node empty(Tag tag) {
  return {tag, {}, {}};
}

Node text(Tag tag, std::string content) {
  return {tag, std::move(content), {}};
}

Node number(Tag tag, std::uint64_t value) {
  return {tag, std::to_string(value), {}};
}

Node element(Tag tag, std::vector<Node> children) {
  return {tag, {}, std::move(children)};
}

std::string to_wbxml(const Node& root, WritingHabits habits) {
  std::string octets;
  activesync::Writer out(octets);
  write(out, root, habits);
  return octets;
}

Element child_of(Element parent, Tag tag) {
  const auto found = parent.find(tag);
  if (found) return *found;
  throw Broken(fmt::format("no {} in {}", qualified_name(tag), qualified_name(parent.tag())));
}

std::string text_in(Element parent, Tag tag) {
  return std::string(child_of(parent, tag).text());
}

std::optional<std::string> text_if_any(Element parent, Tag tag) {
  const auto found = parent.find(tag);
  if (!found) return std::nullopt;
  return std::string(found->text());
}

std::uint32_t number_in(Element parent, Tag tag) {
  const std::string digits = text_in(parent, tag);
  const auto value = text::number(digits, UINT32_MAX);
  if (value) return static_cast<std::uint32_t>(*value);
  throw Broken(fmt::format("{} is no number: {}", qualified_name(tag), digits));
}

void expect_status(Element parent, Tag tag, std::uint32_t wanted, std::string_view what) {
  const std::uint32_t status = number_in(parent, tag);
  if (status != wanted) throw Broken(fmt::format("{}: status {}, not {}", what, status, wanted));
}

}  // namespace postern::phone
