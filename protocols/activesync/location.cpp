#include "protocols/activesync/location.h"

#include "gateway/base/text.h"

namespace postern::activesync {

std::optional<std::string> other_location(const std::vector<LocationSettings>& locations,
                                          std::string_view account_address, std::string_view host) {
  const std::string_view domain = account_address.substr(account_address.rfind('@') + 1);
  for (const LocationSettings& location : locations) {
    if (!text::same(location.domain, domain)) continue;
    const std::string_view behind_scheme = std::string_view(location.url).substr(location.url.find("//") + 2);
    if (text::same(behind_scheme.substr(0, behind_scheme.find('/')), host)) return std::nullopt;
    return location.url;
  }
  return std::nullopt;
}

}  // namespace postern::activesync
