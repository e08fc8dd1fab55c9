#include "storage/mime/part.h"

namespace postern::mime {

std::string_view Part::parameter(std::string_view name) const {
  for (const Parameter& parameter : parameters) {
    if (parameter.name == name) return parameter.value;
  }
  return {};
}

}  // namespace postern::mime
