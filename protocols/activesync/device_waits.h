// Who waits for news, by device: a newer Ping or Sync of the device ends the older wait, whose answer nobody
// would read. Of this process; a wait in another one ends with its client's connection.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "storage/model/device.h"

namespace postern::activesync {

class DeviceWaits {
 public:
  // Its entry in the list; ends when destroyed.
  class Entry {
   public:
    // `on_newer` only sends to a channel. `waits` outlives the entry.
    Entry(DeviceWaits& waits, const DeviceKey& device, std::function<void()> on_newer);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    friend class DeviceWaits;
    DeviceWaits& waits_;
    const std::string name_;
    const std::function<void()> on_newer_;
  };

  void end(const DeviceKey& device);

 private:
  static std::string name_of(const DeviceKey& device);
  std::unordered_map<std::string, Entry*> entries_;
};

}  // namespace postern::activesync
