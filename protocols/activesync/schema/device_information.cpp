#include "protocols/activesync/schema/device_information.h"

#include "protocols/activesync/schema/values.h"
#include "storage/mime/charset.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kValueOctetsMax = 1024;

struct Row {
  Tag tag;
  std::string DeviceInformation::*member;
};
constexpr Row kRows[] = {
    {"Settings:Model"_tag, &DeviceInformation::model},
    {"Settings:IMEI"_tag, &DeviceInformation::imei},
    {"Settings:FriendlyName"_tag, &DeviceInformation::friendly_name},
    {"Settings:OS"_tag, &DeviceInformation::os},
    {"Settings:OSLanguage"_tag, &DeviceInformation::os_language},
    {"Settings:PhoneNumber"_tag, &DeviceInformation::phone_number},
    {"Settings:UserAgent"_tag, &DeviceInformation::user_agent},
    {"Settings:MobileOperator"_tag, &DeviceInformation::mobile_operator},
};

}  // namespace

DeviceInformation read_device_information(Element element) {
  DeviceInformation device;
  const auto set = element.find("Settings:Set"_tag);
  if (!set) return device;
  for (const Element child : *set) {
    if (child.tag() == "Settings:EnableOutboundSMS"_tag) {
      device.enable_outbound_sms = boolean_of(child, false).value_or(false);
    }
    for (const Row& row : kRows) {
      if (row.tag != child.tag()) continue;
      std::string value(child.text());
      mime::cut_utf8(value, kValueOctetsMax);
      device.*row.member = std::move(value);
    }
  }
  return device;
}

}  // namespace postern::activesync
