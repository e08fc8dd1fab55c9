// rooms: activesync_schema
// Any text is a query, or is refused for one of two reasons; criteria stay within what the store takes.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocols/activesync/schema/kql.h"

namespace {

std::size_t depth_of(const postern::SearchKey& key) {
  std::size_t deepest = 0;
  for (const postern::SearchKey& child : key.children) deepest = std::max(deepest, depth_of(child));
  return deepest + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = postern::activesync::parse_kql(text, std::chrono::sys_days(std::chrono::days(20000)));
  if (parsed) {
    if (depth_of(*parsed) > postern::kSearchDepthMax) std::abort();
  } else if (parsed.error().kind != postern::ErrorKind::invalid &&
             parsed.error().kind != postern::ErrorKind::too_large) {
    std::abort();
  }
  return 0;
}
