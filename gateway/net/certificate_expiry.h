// Until when a certificate file is valid, for warnings ahead of time.
#pragma once

#include <string>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"

namespace postern {

// Of the first certificate in the file, the server's own. invalid: not a PEM certificate, with the reason.
Result<WallTime> certificate_expiry(const std::string& certificate_file);

}  // namespace postern
