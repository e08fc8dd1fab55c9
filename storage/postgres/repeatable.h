// Writes that may be done twice without harm: what is in doubt is settled by doing it again.
#pragma once

#include <vector>

#include "storage/postgres/database.h"

namespace postern::postgres {

// As Database::batch and query on `lane`, but never `closed` or `timed_out`: unavailable instead, after a few
// attempts.
Task<Result<std::vector<Rows>>> batch_repeatable(Database& database, Lane lane, std::vector<Query> queries);
Task<Result<Rows>> query_repeatable(Database& database, Lane lane, const Statement& statement, Params params);

}  // namespace postern::postgres
