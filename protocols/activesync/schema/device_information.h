// What a device says of itself, in Settings or (14.1 and later) inside Provision. MS-ASCMD section 2.2.3.45.
#pragma once

#include <string>

#include "protocols/activesync/wbxml/element.h"

namespace postern::activesync {

// Empty: not said. Each at most 1024 characters of UTF-8 (Settings.xsd); longer ones are cut.
struct DeviceInformation {
  std::string model, imei, friendly_name, os, os_language, phone_number, user_agent, mobile_operator;
  bool enable_outbound_sms = false;
  friend bool operator==(const DeviceInformation&, const DeviceInformation&) = default;
};

// The Settings:DeviceInformation element; its Set holds the values.
DeviceInformation read_device_information(Element element);

}  // namespace postern::activesync
