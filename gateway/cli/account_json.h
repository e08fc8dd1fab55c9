// Accounts as the command line shows them.
#pragma once

#include "gateway/cli/output.h"
#include "storage/listings.h"

namespace postern::cli {

Json account_json(const AccountRecord& account);
// The same of a list's entry.
Json account_json(const AccountEntry& account);
// The same for people, a line per feature.
Json account_lines(const AccountRecord& account);
Json quota_json(const AccountRecord& account);
// A record per feature: feature, enabled, from (account, domain or plan).
std::vector<Json> feature_rows(const EffectiveFeatures& features);

}  // namespace postern::cli
