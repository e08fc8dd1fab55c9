#include "storage/model/device.h"

#include <algorithm>
#include <array>

#include "gateway/base/text.h"

namespace postern {

namespace {
constexpr std::array<std::string_view, 3> kAccessNames = {"allowed", "blocked", "quarantined"};
}  // namespace

Result<void> check_device_id(std::string_view id) {
  const bool fits = !id.empty() && id.size() <= kDeviceIdOctetsMax;
  if (fits &&
      std::all_of(id.begin(), id.end(), [](char c) { return text::is_alpha(c) || text::is_digit(c); })) {
    return {};
  }
  return Error(ErrorKind::invalid, "not a device id");
}

std::string_view name_of(DeviceAccess access) {
  return kAccessNames[static_cast<std::size_t>(access)];
}

std::optional<DeviceAccess> device_access_from(std::string_view name) {
  const auto found = std::find(kAccessNames.begin(), kAccessNames.end(), name);
  if (found == kAccessNames.end()) return std::nullopt;
  return static_cast<DeviceAccess>(found - kAccessNames.begin());
}

}  // namespace postern
