#include "tests/support/wbxml_xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "gateway/base/text.h"
#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

struct XmlElement {
  Tag tag{};
  std::string opaque;  // "", "text" or "base64"
  std::string content;
  std::vector<XmlElement> children;
};

class XmlParser {
 public:
  explicit XmlParser(std::string_view xml) : xml_(xml) {}

  Result<XmlElement> document() {
    skip_layout();
    TRY(XmlElement root, element(std::nullopt));
    skip_layout();
    if (at_ != xml_.size()) return wrong("something behind the root element");
    return root;
  }

 private:
  Error wrong(std::string_view what) const {
    const auto lines = std::count(xml_.begin(), xml_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    return Error(ErrorKind::invalid, fmt::format("{} in line {}", what, lines + 1));
  }
  bool take(std::string_view expected) {
    if (!xml_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }
  std::string_view until(std::string_view ends) {
    const std::size_t end = std::min(xml_.find_first_of(ends, at_), xml_.size());
    const std::string_view found = xml_.substr(at_, end - at_);
    at_ = end;
    return found;
  }
  void skip_layout() {
    while (at_ < xml_.size()) {
      at_ = std::min(xml_.find_first_not_of(" \t\r\n", at_), xml_.size());
      if (!xml_.substr(at_).starts_with("<!--")) return;
      at_ = std::min(xml_.find("-->", at_), xml_.size() - 3) + 3;
    }
  }

  Result<Tag> tag_named(std::string_view name, std::optional<Tag> parent) const {
    unsigned page = 0;
    unsigned token = 0;
    if (std::sscanf(std::string(name).c_str(), "Page%2x:Token%2x", &page, &token) == 2) {
      return make_tag(page, token);
    }
    std::string qualified(name);
    if (parent && name.find(':') == std::string_view::npos) {
      qualified = fmt::format("{}:{}", page_name(page_of(*parent)), name);
    }
    const std::optional<Tag> tag = find_tag(qualified);
    if (!tag) return wrong(fmt::format("no element {}", qualified));
    return *tag;
  }

  Result<XmlElement> element(std::optional<Tag> parent) {
    if (!take("<")) return wrong("expected an element");
    const std::string name(until(" \t\r\n/>"));
    XmlElement made;
    TRY(made.tag, tag_named(name, parent));
    if (take(" opaque=\"")) {
      made.opaque = until("\"");
      take("\"");
    }
    if (take("/>")) return made;
    if (!take(">")) return wrong("expected >");
    TRY(made.content, content());
    skip_layout();
    while (!xml_.substr(at_).starts_with("</")) {
      TRY(XmlElement child, element(made.tag));
      made.children.push_back(std::move(child));
      skip_layout();
    }
    if (!take("</") || !take(name) || !take(">")) return wrong("expected the end of " + name);
    if (!made.children.empty() && text::trim(made.content).empty()) made.content.clear();
    if (made.opaque == "base64") {
      const auto octets = text::unbase64(made.content);
      if (!octets) return wrong("no base64");
      made.content = *octets;
    }
    return made;
  }

  Result<std::string> content() {
    std::string out;
    while (true) {
      out += until("<&");
      if (!take("&")) break;
      const std::string name(until(";"));
      take(";");
      if (name.starts_with("#")) {
        const auto number = text::number(std::string_view(name).substr(1), 127);
        if (!number) return wrong("no such character");
        out += static_cast<char>(*number);
      } else if (name == "lt" || name == "gt" || name == "amp") {
        out += name == "lt" ? '<' : name == "gt" ? '>' : '&';
      } else {
        return wrong("no such entity");
      }
    }
    return out;
  }

  std::string_view xml_;
  std::size_t at_ = 0;
};

void write(const XmlElement& element, Writer& out, std::string& octets) {
  if (element.children.empty() && (!element.opaque.empty() || is_byte_array(element.tag))) {
    out.begin_opaque(element.tag, static_cast<std::uint32_t>(element.content.size()));
    octets += element.content;
    return out.end_opaque();
  }
  if (element.children.empty()) return out.text(element.tag, element.content);
  const auto open = out.open(element.tag);
  for (const XmlElement& child : element.children) write(child, out, octets);
}

}  // namespace

Result<std::string> wbxml_from_xml(std::string_view xml) {
  TRY(const XmlElement root, XmlParser(xml).document());
  std::string octets;
  Writer out(octets);
  write(root, out, octets);
  return octets;
}

Result<Document> document_from_xml(std::string_view xml) {
  TRY(std::string octets, wbxml_from_xml(xml));
  return read(std::move(octets));
}

}  // namespace postern::activesync
