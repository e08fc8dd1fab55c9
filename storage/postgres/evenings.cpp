#include "storage/postgres/evenings.h"

namespace postern::postgres {

namespace {

constexpr Statement kNote{"note_evening", R"sql(
  INSERT INTO saved_evenings (evening, begun_at, ended_at, accounts, messages, octets, new_messages, new_octets,
                              failed)
  VALUES ($1::text::date, $2::timestamptz, $3::timestamptz, $4::bigint, $5::bigint, $6::bigint, $7::bigint,
          $8::bigint, $9::bigint)
  ON CONFLICT (evening) DO UPDATE
     SET begun_at = excluded.begun_at, ended_at = excluded.ended_at, accounts = excluded.accounts,
         messages = excluded.messages, octets = excluded.octets, new_messages = excluded.new_messages,
         new_octets = excluded.new_octets, failed = excluded.failed, verified_at = NULL, broken = 0)sql"};

constexpr Statement kForgetOld{"forget_old_evenings", R"sql(
  DELETE FROM saved_evenings
   WHERE evening NOT IN (SELECT evening FROM saved_evenings ORDER BY evening DESC LIMIT $1::bigint))sql"};

constexpr Statement kVerified{"note_evening_verified", R"sql(
  UPDATE saved_evenings SET verified_at = now(), broken = $2::bigint
   WHERE $1::text IS NULL OR evening = $1::text::date)sql"};

constexpr Statement kList{"list_evenings", R"sql(
  SELECT to_char(evening, 'YYYY-MM-DD'), begun_at, ended_at, accounts, messages, octets, new_messages, new_octets,
         failed, verified_at, broken
    FROM saved_evenings ORDER BY evening DESC)sql"};

}  // namespace

Task<Result<void>> PostgresEvenings::note(SavedEvening evening, std::size_t kept_max) {
  std::vector<Query> queries;
  queries.emplace_back(
      kNote, Params(evening.date, evening.begun_at, evening.ended_at, evening.accounts, evening.messages,
                    evening.octets, evening.new_messages, evening.new_octets, evening.failed));
  queries.emplace_back(kForgetOld, Params(static_cast<std::int64_t>(kept_max)));
  CO_TRY_VOID(co_await database_.batch(Lane::write, std::move(queries)));
  co_return Result<void>();
}

Task<Result<void>> PostgresEvenings::note_verified(std::optional<std::string> date, std::uint64_t broken) {
  Params params(date, broken);
  CO_TRY_VOID(co_await database_.query(Lane::write, kVerified, std::move(params)));
  co_return Result<void>();
}

Task<Result<std::vector<SavedEvening>>> PostgresEvenings::list() {
  Params none;
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kList, std::move(none)));
  std::vector<SavedEvening> evenings;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    SavedEvening& evening = evenings.emplace_back();
    evening.date = row.get<std::string>(0);
    evening.begun_at = row.get<WallTime>(1);
    evening.ended_at = row.get<WallTime>(2);
    evening.accounts = row.get<std::uint64_t>(3);
    evening.messages = row.get<std::uint64_t>(4);
    evening.octets = row.get<std::uint64_t>(5);
    evening.new_messages = row.get<std::uint64_t>(6);
    evening.new_octets = row.get<std::uint64_t>(7);
    evening.failed = row.get<std::uint64_t>(8);
    evening.verified_at = row.get<std::optional<WallTime>>(9);
    evening.broken = row.get<std::uint64_t>(10);
  }
  co_return evenings;
}

}  // namespace postern::postgres
