#include "storage/postgres/lineage.h"

#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kLineage{"lineage", "SELECT store::text, life FROM lineage"};

constexpr Statement kLock{"lineage_lock", "SELECT FROM lineage FOR UPDATE"};

// A mailbox whose UIDs are nearly used up stays: its next one is the greater evil.
constexpr Statement kSettle{"lineage_settle", R"sql(
  WITH here AS MATERIALIZED (
    SELECT system_identifier AS cluster, current_timeline() AS timeline FROM pg_control_system()),
  moved AS (
    UPDATE lineage SET cluster = here.cluster, timeline = here.timeline, life = life + 1
      FROM here
     WHERE (lineage.cluster, lineage.timeline) IS DISTINCT FROM (here.cluster, here.timeline)
    RETURNING life),
  mailbox AS (
    UPDATE mailboxes
       SET uid_next = CASE WHEN uid_next + $1::bigint <= 4294967295 THEN uid_next + $1::bigint ELSE uid_next END,
           highest_modseq = highest_modseq + $2::bigint
     WHERE EXISTS (SELECT FROM moved)),
  usage AS (
    UPDATE account_usage SET next_uid_validity = least(next_uid_validity + $3::bigint, 4294967295)
     WHERE EXISTS (SELECT FROM moved))
  SELECT EXISTS (SELECT FROM moved))sql"};

}  // namespace

Task<Result<Lineage>> lineage(Database& database) {
  Params none;
  CO_TRY(const Rows rows, co_await database.query(Lane::read, kLineage, std::move(none)));
  if (rows.empty()) co_return Error(ErrorKind::internal, "the store has no lineage");
  Lineage found;
  found.store = rows[0].get<std::string>(0);
  found.life = static_cast<std::uint32_t>(rows[0].get<std::int32_t>(1));
  co_return found;
}

Task<Result<bool>> settle_lineage(Database& database) {
  std::vector<Query> queries;
  queries.emplace_back(kLock, Params());
  queries.emplace_back(kSettle, Params(kUidJump, kModSeqJump, kUidValidityJump));
  CO_TRY(const std::vector<Rows> rows, co_await batch_repeatable(database, Lane::write, std::move(queries)));
  co_return rows[1][0].get<bool>(0);
}

}  // namespace postern::postgres
