// rooms: activesync_wbxml
// Whatever is read as a document is read the same again after it was written, and the dump ends.
#include <cstdlib>
#include <string>

#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/writer.h"
#include "protocols/activesync/wbxml/xml_dump.h"

using namespace postern;
using namespace postern::activesync;

namespace {

void copy(Element element, Writer& out, std::string& octets) {
  if (!element.has_children() && element.is_opaque()) {
    out.begin_opaque(element.tag(), static_cast<std::uint32_t>(element.text().size()));
    octets += element.text();
    return out.end_opaque();
  }
  if (!element.has_children()) return out.text(element.tag(), element.text());
  const auto open = out.open(element.tag());
  for (const Element child : element) copy(child, out, octets);
}

void require(bool condition) {
  if (!condition) std::abort();
}

void require_same(Element a, Element b) {
  require(a.tag() == b.tag() && a.has_children() == b.has_children());
  std::string text(a.text());
  if (!a.is_opaque()) std::erase(text, '\0');
  if (!a.has_children()) require(text == b.text());
  auto there = b.begin();
  for (const Element child : a) {
    require(there != b.end());
    require_same(child, *there++);
  }
  require(there == b.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto first = read(std::string(reinterpret_cast<const char*>(data), size));
  if (!first) return 0;
  xml_dump(*first);
  xml_dump(*first, {.content_octets_max = 3});
  std::string octets;
  Writer out(octets);
  copy(first->root(), out, octets);
  auto second = read(octets);
  require(second.has_value());
  require_same(first->root(), second->root());
  return 0;
}
