// What a phone tells of itself, in Provision (14.1 and later) or in Settings. MS-ASCMD section 2.2.3.45.
#pragma once

#include "tests/phone/phone.h"

namespace postern::phone {

Node device_information(const Phone& phone);

}  // namespace postern::phone
