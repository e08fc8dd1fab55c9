#include "protocols/activesync/wbxml/reader.h"

#include <fmt/format.h>

#include <array>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"

namespace postern::activesync {

namespace {

// WBXML 1.3 section 7.1, global tokens.
constexpr std::uint8_t kSwitchPage = 0x00;
constexpr std::uint8_t kEnd = 0x01;
constexpr std::uint8_t kEntity = 0x02;
constexpr std::uint8_t kInlineString = 0x03;
constexpr std::uint8_t kOpaque = 0xC3;
// The bits of a tag.
constexpr std::uint8_t kHasAttributes = 0x80;
constexpr std::uint8_t kHasContent = 0x40;

constexpr std::uint32_t kUtf8 = 106;  // IANA's MIBenum
constexpr std::uint32_t kUsAscii = 3;
constexpr std::uint32_t kUnknownCharset = 0;

void append_utf8(char32_t c, std::string& out) {
  const auto put = [&out](char32_t octet) { out += static_cast<char>(octet); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

class Reader {
 public:
  Reader(std::string octets, const ReadLimits& limits)
      : limits_(limits), tree_(std::make_unique<ElementTree>()), size_(octets.size()) {
    tree_->octets = std::move(octets);
  }

  Result<Document> read() {
    if (size_ > limits_.octets_max) return Error(ErrorKind::too_large, "WBXML: too many octets");
    read_header();
    while (!error_ && !done_) read_token();
    if (error_) return *std::move(error_);
    return Document(std::move(tree_));
  }

 private:
  // The first mistake counts; from then on the loops end and readers yield zeros.
  void fail(ErrorKind kind, std::string_view what) {
    if (!error_) error_ = Error(kind, fmt::format("WBXML: {} at octet {}", what, at_));
  }

  std::uint8_t octet() {
    if (at_ >= size_) {
      fail(ErrorKind::invalid, "ends too early");
      return 0;
    }
    return static_cast<std::uint8_t>(tree_->octets[at_++]);
  }

  // mb_u_int32: seven bits an octet, the highest first.
  std::uint32_t number() {
    std::uint64_t value = 0;
    for (int i = 0; i < 5 && !error_; ++i) {
      const std::uint8_t next = octet();
      value = value << 7 | (next & 0x7F);
      if (next < 0x80 && value <= UINT32_MAX) return static_cast<std::uint32_t>(value);
    }
    fail(ErrorKind::invalid, "a number is too long");
    return 0;
  }

  void read_header() {
    const std::uint8_t version = octet();
    if (!error_ && (version < 0x01 || version > 0x03)) fail(ErrorKind::invalid, "unknown version");
    const std::uint32_t public_id = number();
    if (public_id == 0) number();  // its place in the string table
    const std::uint32_t charset = number();
    if (!error_ && charset != kUtf8 && charset != kUsAscii && charset != kUnknownCharset) {
      fail(ErrorKind::invalid, "the charset is not UTF-8");
    }
    const std::uint32_t string_table = number();
    if (!error_ && string_table > size_ - at_) fail(ErrorKind::invalid, "the string table is cut off");
    if (!error_) at_ += string_table;
  }

  void read_token() {
    const std::uint8_t token = octet();
    if (error_) return;
    switch (token) {
      case kSwitchPage: page_ = octet(); return;
      case kEnd: return end_element();
      case kEntity: return read_entity();
      case kInlineString: return read_string();
      case kOpaque: return read_opaque();
      default: break;
    }
    if ((token & kHasAttributes) != 0 || (token & kTokenLast) < kTokenFirst) {
      return fail(ErrorKind::invalid, "a token that ActiveSync does not use");
    }
    start_element(token);
  }

  void start_element(std::uint8_t token) {
    std::vector<ElementTree::Node>& nodes = tree_->nodes;
    if (nodes.size() >= limits_.elements_max) return fail(ErrorKind::too_large, "too many elements");
    ElementTree::Node node;
    node.tag = make_tag(page_, token & kTokenLast);
    node.next = static_cast<std::uint32_t>(nodes.size() + 1);
    nodes.push_back(node);
    if ((token & kHasContent) == 0) {
      done_ = depth_ == 0;
      return;
    }
    if (depth_ == kDepthMax) return fail(ErrorKind::too_large, "nested too deeply");
    open_[depth_++] = static_cast<std::uint32_t>(nodes.size() - 1);
  }

  void end_element() {
    if (depth_ == 0) return fail(ErrorKind::invalid, "an end without a start");
    tree_->nodes[open_[--depth_]].next = static_cast<std::uint32_t>(tree_->nodes.size());
    done_ = depth_ == 0;
  }

  void read_string() {
    const std::size_t end = std::string_view(tree_->octets).substr(0, size_).find('\0', at_);
    if (end == std::string_view::npos) return fail(ErrorKind::invalid, "a string without its end");
    take_text(at_, end - at_, false);
    at_ = end + 1;
  }

  void read_opaque() {
    const std::uint32_t octets = number();
    if (error_) return;
    if (octets > limits_.opaque_octets_max) return fail(ErrorKind::too_large, "opaque data too long");
    if (octets > size_ - at_) return fail(ErrorKind::invalid, "opaque data cut off");
    take_text(at_, octets, true);
    at_ += octets;
  }

  void read_entity() {
    char32_t c = number();
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
    std::string utf8;
    append_utf8(c, utf8);
    add_text(utf8);
  }

  ElementTree::Node* open_node() {
    if (depth_ > 0) return &tree_->nodes[open_[depth_ - 1]];
    fail(ErrorKind::invalid, "text outside the root element");
    return nullptr;
  }
  bool has_children(const ElementTree::Node& node) const { return &node != &tree_->nodes.back(); }

  // A piece of content as it lies in the request. Usually it is all the content, and stays there.
  void take_text(std::size_t begin, std::size_t size, bool opaque) {
    ElementTree::Node* node = open_node();
    if (node == nullptr || size == 0 || has_children(*node)) return;
    const std::string_view piece = std::string_view(tree_->octets).substr(begin, size);
    const bool bytes = opaque && is_byte_array(node->tag);
    node->opaque = node->opaque || opaque;
    if (!bytes && !text::is_utf8(piece)) return add_text(mime::to_utf8(piece, "utf-8"));
    if (node->text_size > 0) return add_text(std::string(piece));
    node->text_begin = static_cast<std::uint32_t>(begin);
    node->text_size = static_cast<std::uint32_t>(size);
  }

  // Content that is put together lies behind the request. Since text behind a child is dropped, an element's
  // text is moved there at most once, and then only grows at the end.
  void add_text(const std::string& piece) {
    ElementTree::Node* node = open_node();
    if (node == nullptr || has_children(*node)) return;
    std::string& octets = tree_->octets;
    const bool at_end = node->text_begin >= size_ && node->text_begin + node->text_size == octets.size();
    if (!at_end) {
      const std::string before = octets.substr(node->text_begin, node->text_size);
      node->text_begin = static_cast<std::uint32_t>(octets.size());
      octets += before;
    }
    octets += piece;
    node->text_size = static_cast<std::uint32_t>(octets.size()) - node->text_begin;
  }

  const ReadLimits& limits_;
  std::unique_ptr<ElementTree> tree_;
  const std::size_t size_;  // of the request
  std::size_t at_ = 0;
  std::uint8_t page_ = 0;
  std::array<std::uint32_t, kDepthMax> open_{};
  std::size_t depth_ = 0;
  bool done_ = false;
  std::optional<Error> error_;
};

}  // namespace

Result<Document> read(std::string octets, const ReadLimits& limits) {
  return Reader(std::move(octets), limits).read();
}

}  // namespace postern::activesync
