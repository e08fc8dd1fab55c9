// Reading the uid-set text of the expunge log (RFC 9051 §9, numbers only).
#pragma once

#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/model/uid_set.h"

namespace postern::postgres {

// Adds the ranges in the order of the text. internal: the log is damaged.
Result<void> read_uid_ranges(std::string_view set, std::vector<UidRange>& ranges);

}  // namespace postern::postgres
