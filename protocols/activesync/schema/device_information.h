// What a device says of itself, in Settings or (14.1 and later) inside Provision. MS-ASCMD section 2.2.3.45.
#pragma once

#include "protocols/activesync/wbxml/element.h"
#include "storage/model/device.h"

namespace postern::activesync {

// The Settings:DeviceInformation element; its Set holds the values. What nobody asks about (language,
// operator, sending of short messages) is passed over.
DeviceInformation read_device_information(Element element);

}  // namespace postern::activesync
