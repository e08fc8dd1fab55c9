// The ceiling: nobody gives, changes or takes what is above him.
#pragma once

#include "protocols/admin/call.h"

namespace postern::admin {

bool within(const Reach& inner, const Reach& outer);

// The one that the path names. not_found, also beyond the reach.
Task<Result<Administrator>> administrator_in_reach(const Call& call);

// 403 if it has rights or a reach that who asks has not.
std::optional<Answer> above_ceiling(const Call& call, const Administrator& administrator);

}  // namespace postern::admin
