// Marks of imports: what was brought of a folder elsewhere.
#include "gateway/base/text.h"
#include "storage/postgres/intake.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kBrought{"intake_brought", R"sql(
  SELECT uid_validity, uids FROM brought_marks WHERE account_id = $1::bigint AND mark_key = $2::bytea)sql"};

// The account's row, so that a mark never comes behind its purge.
constexpr Statement kSetBrought{"intake_set_brought", R"sql(
  INSERT INTO brought_marks (account_id, mark_key, uid_validity, uids)
  SELECT account_id, $2::bytea, $3::bigint, $4::text FROM account_usage WHERE account_id = $1::bigint
  ON CONFLICT (account_id, mark_key)
  DO UPDATE SET uid_validity = excluded.uid_validity, uids = excluded.uids
  RETURNING true)sql"};

std::optional<UidSet> uids_from(const std::string& text) {
  UidSet uids;
  if (text.empty()) return uids;
  for (const std::string_view range : text::split(text, ',')) {
    const std::size_t colon = range.find(':');
    const auto first = text::number(range.substr(0, colon), UINT32_MAX);
    const auto last =
        colon == std::string_view::npos ? first : text::number(range.substr(colon + 1), UINT32_MAX);
    if (!first || !last || *first == 0 || *first > *last) return std::nullopt;
    uids.add(Uid(static_cast<std::uint32_t>(*first)), Uid(static_cast<std::uint32_t>(*last)));
  }
  return uids;
}

}  // namespace

Task<Result<std::optional<BroughtMark>>> PostgresIntake::brought(AccountId account, std::string key) {
  Params params(account, Bytes{key});
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kBrought, std::move(params)));
  if (rows.empty()) co_return std::optional<BroughtMark>();
  BroughtMark mark;
  mark.uid_validity = rows[0].get<UidValidity>(0);
  auto uids = uids_from(rows[0].get<std::string>(1));
  if (!uids) co_return Error(ErrorKind::internal, "a mark of an import is torn");
  mark.uids = *std::move(uids);
  co_return std::optional<BroughtMark>(std::move(mark));
}

Task<Result<void>> PostgresIntake::set_brought(AccountId account, std::string key, BroughtMark mark) {
  const std::string uids = mark.uids.to_text();
  Params params(account, Bytes{key}, mark.uid_validity, uids);
  CO_TRY(const Rows rows, co_await query_repeatable(database_, Lane::write, kSetBrought, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  co_return Result<void>();
}

}  // namespace postern::postgres
