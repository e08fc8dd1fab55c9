// rooms: autoconfig
#include <cstdlib>

#include "protocols/autoconfig/autodiscover_xml.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace postern::autoconfig;
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  const Wanted wanted = read_autodiscover(xml);
  // Nothing with a document type is looked at any further.
  const bool declares = xml.find("<!DOCTYPE") != std::string_view::npos;
  if (declares && size <= kAutodiscoverOctetsMax && wanted != Wanted::forbidden) std::abort();
  return 0;
}
