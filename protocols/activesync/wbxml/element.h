// A WBXML document as a tree that costs no copy: all elements lie in one vector in document order, and texts
// are views of the request's own octets. Made by read() (reader.h) only.
//
// Not kept: text that follows a child element. No ActiveSync command has any.
#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/activesync/wbxml/code_pages.h"

namespace postern::activesync {

// What the elements of one document stand on.
struct ElementTree {
  struct Node {
    Tag tag{};
    bool opaque = false;
    std::uint32_t text_begin = 0;  // in octets
    std::uint32_t text_size = 0;
    std::uint32_t next = 0;  // the first node that is not inside this one
  };
  std::string octets;  // the request, and behind it texts that had to be joined or repaired
  std::vector<Node> nodes;
};

// A place in a Document, copied like a pointer; lives as long as the Document, which may be moved meanwhile.
class Element {
 public:
  class Iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const ElementTree* tree, std::uint32_t at) : tree_(tree), at_(at) {}
    Element operator*() const { return Element(tree_, at_); }
    Iterator& operator++() {
      at_ = tree_->nodes[at_].next;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

   private:
    const ElementTree* tree_ = nullptr;
    std::uint32_t at_ = 0;
  };

  Element(const ElementTree* tree, std::uint32_t at) : tree_(tree), at_(at) {}

  Tag tag() const { return node().tag; }
  // Well-formed UTF-8, unless it is a byte array that came as OPAQUE.
  std::string_view text() const {
    return std::string_view(tree_->octets).substr(node().text_begin, node().text_size);
  }
  bool is_opaque() const { return node().opaque; }

  // The child elements, in document order.
  Iterator begin() const { return Iterator(tree_, at_ + 1); }
  Iterator end() const { return Iterator(tree_, node().next); }
  bool has_children() const { return begin() != end(); }
  // The first child of that tag.
  std::optional<Element> find(Tag tag) const;

 private:
  const ElementTree::Node& node() const { return tree_->nodes[at_]; }

  const ElementTree* tree_;
  std::uint32_t at_;
};

// Owns what its elements show. Never without a root.
class Document {
 public:
  explicit Document(std::unique_ptr<const ElementTree> tree) : tree_(std::move(tree)) {}
  Element root() const { return Element(tree_.get(), 0); }

 private:
  std::unique_ptr<const ElementTree> tree_;
};

}  // namespace postern::activesync
