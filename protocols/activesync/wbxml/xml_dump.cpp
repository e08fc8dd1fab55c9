#include "protocols/activesync/wbxml/xml_dump.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"

namespace postern::activesync {

namespace {

constexpr std::uint8_t kNoPage = 0xFF;

bool is_readable(std::string_view octets) {
  const auto control = [](char c) { return (c >= 0 && c < ' ' && c != '\n' && c != '\r' && c != '\t'); };
  return text::is_utf8(octets) && std::none_of(octets.begin(), octets.end(), control);
}

void append_escaped(std::string_view content, std::string& out) {
  for (const char c : content) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\r': out += "&#13;"; break;
      default:
        if (c >= 0 && c < ' ' && c != '\n' && c != '\t') {
          out += mime::kReplacement;  // no XML has it
        } else {
          out += c;
        }
    }
  }
}

class Dump {
 public:
  explicit Dump(const DumpOptions& options) : options_(options) {}

  // Recursion is bounded by kDepthMax.
  void print(Element element, std::uint8_t parent_page, std::size_t depth) {
    const Tag tag = element.tag();
    std::string name = qualified_name(tag);
    if (page_of(tag) == parent_page && !element_name(tag).empty()) name = element_name(tag);
    out_.append(depth * 2, ' ');
    if (!element.has_children() && element.text().empty()) {
      out_ += fmt::format("<{}/>\n", name);
      return;
    }
    const bool hidden = options_.is_private != nullptr && options_.is_private(tag) && !element.text().empty();
    const bool base64 = element.is_opaque() && !is_readable(element.text());
    out_ += fmt::format("<{}{}>", name,
                        !element.is_opaque() ? ""
                        : base64             ? " opaque=\"base64\""
                                             : " opaque=\"text\"");
    if (hidden) {
      out_ += fmt::format("[{} octets]", element.text().size());
    } else {
      print_content(element.text(), base64);
    }
    if (element.has_children()) {
      out_ += '\n';
      for (const Element child : element) print(child, page_of(tag), depth + 1);
      out_.append(depth * 2, ' ');
    }
    out_ += fmt::format("</{}>\n", name);
  }

  std::string take() { return std::move(out_); }

 private:
  void print_content(std::string_view content, bool base64) {
    std::string shown(content);
    if (base64) {
      shown.resize(std::min(shown.size(), options_.content_octets_max));
      out_ += text::base64(shown);
    } else {
      mime::cut_utf8(shown, options_.content_octets_max);
      append_escaped(shown, out_);
    }
    if (shown.size() < content.size()) out_ += fmt::format("[{} octets]", content.size());
  }

  const DumpOptions& options_;
  std::string out_;
};

}  // namespace

std::string xml_dump(const Document& document, const DumpOptions& options) {
  Dump dump(options);
  dump.print(document.root(), kNoPage, 0);
  return dump.take();
}

}  // namespace postern::activesync
