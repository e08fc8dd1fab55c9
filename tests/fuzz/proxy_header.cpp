// rooms: net
// The PROXY header parser: never over-reads, decides within its bound, and says the same of every prefix.
#include "gateway/net/proxy_header.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* octets, std::size_t count) {
  const std::string_view received(reinterpret_cast<const char*>(octets), count);
  const auto parsed = postern::parse_proxy_header(received);
  if (!parsed) return 0;
  if (!*parsed) {
    if (count >= postern::kProxyHeaderOctetsMax) std::abort();
    return 0;
  }
  const std::size_t header_octets = (*parsed)->octets;
  if (header_octets > count || header_octets > postern::kProxyHeaderOctetsMax) std::abort();
  const auto again = postern::parse_proxy_header(received.substr(0, header_octets));
  if (!again || !*again || (*again)->octets != header_octets) std::abort();
  return 0;
}
