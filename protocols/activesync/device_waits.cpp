#include "protocols/activesync/device_waits.h"

#include <fmt/format.h>

namespace postern::activesync {

DeviceWaits::Entry::Entry(DeviceWaits& waits, const DeviceKey& device, std::function<void()> on_newer)
    : waits_(waits), name_(name_of(device)), on_newer_(std::move(on_newer)) {
  waits_.end(device);
  waits_.entries_[name_] = this;
}

DeviceWaits::Entry::~Entry() {
  const auto found = waits_.entries_.find(name_);
  if (found != waits_.entries_.end() && found->second == this) waits_.entries_.erase(found);
}

void DeviceWaits::end(const DeviceKey& device) {
  const auto found = entries_.find(name_of(device));
  if (found != entries_.end()) found->second->on_newer_();
}

std::string DeviceWaits::name_of(const DeviceKey& device) {
  return fmt::format("{}/{}", raw(device.account), device.id);
}

}  // namespace postern::activesync
