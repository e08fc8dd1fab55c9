#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

std::optional<Element> Element::find(Tag wanted) const {
  for (const Element child : *this) {
    if (child.tag() == wanted) return child;
  }
  return std::nullopt;
}

}  // namespace postern::activesync
