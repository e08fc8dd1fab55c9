// Giving up what a mail server does not need once its ports are bound.
#pragma once

#include <string>

#include "gateway/base/result.h"

namespace postern {

// Becomes the user (if we are root; otherwise we stay who we are), for good: no supplementary groups, no way
// back, no new privileges through exec, no core dumps (they would hold passwords and mail), no ptrace by
// equals. Errors: not_found (no such user), denied (the system refuses; do not go on).
Result<void> drop_root(const std::string& user);

}  // namespace postern
