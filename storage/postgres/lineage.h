// The store's lineage in its row, and what is done when PostgreSQL has been set back to an earlier moment
// (point-in-time recovery, a failover that lost commits, a dump read into another cluster): UIDs and modseqs
// that clients may have seen since are jumped over, so that none is given out twice.
#pragma once

#include <optional>

#include "storage/lineage.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

constexpr std::int64_t kUidJump = std::int64_t{1} << 20;
constexpr std::int64_t kModSeqJump = std::int64_t{1} << 32;
constexpr std::int64_t kUidValidityJump = std::int64_t{1} << 16;

Task<Result<Lineage>> lineage(Database& database);

// Before anybody is served: true if the database is on another timeline or in another cluster than when it
// was asked last; then every mailbox has jumped. One transaction; several processes may ask at once.
Task<Result<bool>> settle_lineage(Database& database);

}  // namespace postern::postgres
