#include "protocols/activesync/schema/device_information.h"

namespace postern::activesync {

namespace {

struct Row {
  Tag tag;
  std::string DeviceInformation::*member;
};
constexpr Row kRows[] = {
    {"Settings:Model"_tag, &DeviceInformation::model},
    {"Settings:OS"_tag, &DeviceInformation::os},
    {"Settings:FriendlyName"_tag, &DeviceInformation::friendly_name},
    {"Settings:IMEI"_tag, &DeviceInformation::imei},
    {"Settings:PhoneNumber"_tag, &DeviceInformation::phone_number},
};

}  // namespace

DeviceInformation read_device_information(Element element) {
  DeviceInformation device;
  const auto set = element.find("Settings:Set"_tag);
  if (!set) return device;
  for (const Element child : *set) {
    for (const Row& row : kRows) {
      if (row.tag == child.tag()) device.*row.member = child.text();
    }
  }
  return device;
}

}  // namespace postern::activesync
