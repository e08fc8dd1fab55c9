#include "storage/model/message.h"

#include <algorithm>
#include <array>

namespace postern {

namespace {
// By Door.
constexpr std::array<std::string_view, 6> kDoors{"pop3", "imap", "mobile_sync", "lmtp", "admin", "job"};
}  // namespace

std::string_view name_of(Door door) {
  return kDoors[static_cast<std::size_t>(door)];
}

std::optional<Door> door_from(std::string_view name) {
  const auto at = std::find(kDoors.begin(), kDoors.end(), name);
  if (at == kDoors.end()) return std::nullopt;
  return static_cast<Door>(at - kDoors.begin());
}

}  // namespace postern
