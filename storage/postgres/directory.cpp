// What a log-in asks of the directory. Where mail goes is in directory_resolve.cpp.
#include "storage/postgres/directory.h"

#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kFindAccount{"find_account", "SELECT " POSTERN_ACCOUNT_COLUMNS R"sql(
   FROM account_records
  WHERE address = $1::text)sql"};

constexpr Statement kAccount{"account", "SELECT " POSTERN_ACCOUNT_COLUMNS R"sql(
   FROM account_records
  WHERE account_id = $1::bigint)sql"};

constexpr Statement kQuota{"quota", R"sql(
 SELECT octets, messages, octets_max, messages_max
   FROM account_usage
  WHERE account_id = $1::bigint)sql"};

}  // namespace

PostgresDirectory::PostgresDirectory(Database& database, ChangeBus& changes, Doorbell& doorbell,
                                     const Settings& settings)
    : database_(database),
      doorbell_(doorbell),
      detail_separator_(settings.lmtp.recipient_delimiter.empty()
                            ? std::nullopt
                            : std::optional(settings.lmtp.recipient_delimiter.front())),
      recipients_(changes) {}

Task<Result<AccountRecord>> PostgresDirectory::find_account(std::string address) {
  const auto normal = parse_address(address);
  if (!normal) co_return Error(ErrorKind::not_found, "no such account");
  Params params(normal->text());
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kFindAccount, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  co_return account_from_row(rows[0]);
}

Task<Result<AccountRecord>> PostgresDirectory::account(AccountId id) {
  Params params(id);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kAccount, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  co_return account_from_row(rows[0]);
}

Task<Result<QuotaUsage>> PostgresDirectory::quota(AccountId id) {
  Params params(id);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kQuota, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  co_return quota_from_row(rows[0], 0);
}

}  // namespace postern::postgres
