// App passwords of accounts, and the answers that a repeated request gets again.
#include "storage/postgres/administrators.h"

namespace postern::postgres {

namespace {

constexpr Statement kAppPasswords{"list_app_passwords", R"sql(
 SELECT app_password_id, name, doors, created_at
   FROM app_passwords WHERE account_id = $1::bigint ORDER BY app_password_id)sql"};

constexpr Statement kCreateAppPassword{"create_app_password", R"sql(
 INSERT INTO app_passwords (account_id, name, doors, hash)
 SELECT $1::bigint, $2::text, $3::smallint, $4::bytea
  WHERE (SELECT count(*) FROM app_passwords WHERE account_id = $1::bigint) < $5::bigint
 RETURNING app_password_id, name, doors, created_at)sql"};

constexpr Statement kRemoveAppPassword{"remove_app_password", R"sql(
 DELETE FROM app_passwords WHERE account_id = $1::bigint AND app_password_id = $2::bigint)sql"};

// A claim whose first request never ended, since its worker died, is anybody's after a minute.
constexpr Statement kClaim{"claim_request_answer", R"sql(
 INSERT INTO request_answers AS known (who, key, request) VALUES ($1::text, $2::text, $3::bytea)
 ON CONFLICT (who, key) DO UPDATE SET asked_at = now(), request = excluded.request
  WHERE known.status IS NULL AND known.asked_at < now() - interval '1 minute')sql"};
constexpr Statement kFindAnswer{"find_request_answer", R"sql(
 SELECT request = $3::bytea, status, etag, body FROM request_answers WHERE who = $1::text AND key = $2::text)sql"};
constexpr Statement kKeep{"keep_request_answer", R"sql(
 UPDATE request_answers SET status = $3::smallint, etag = $4::text, body = $5::text
  WHERE who = $1::text AND key = $2::text)sql"};
constexpr Statement kRelease{"release_request_answer", R"sql(
 DELETE FROM request_answers WHERE who = $1::text AND key = $2::text AND status IS NULL)sql"};

AppPassword app_password_from_row(const Row& row) {
  AppPassword password;
  password.id = row.get<AppPasswordId>(0);
  password.name = row.get<std::string>(1);
  password.doors = static_cast<std::uint16_t>(row.get<std::int16_t>(2));
  password.created_at = row.get<WallTime>(3);
  return password;
}

}  // namespace

Task<Result<std::vector<AppPassword>>> PostgresAdministrators::app_passwords(AccountId account) {
  Params params(account);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kAppPasswords, std::move(params)));
  std::vector<AppPassword> passwords;
  for (std::size_t i = 0; i < rows.size(); ++i) passwords.push_back(app_password_from_row(rows[i]));
  co_return passwords;
}

Task<Result<AppPassword>> PostgresAdministrators::create_app_password(AccountId account, std::string hash,
                                                                      std::string name, std::uint16_t doors) {
  Params params(account, name, static_cast<std::int16_t>(doors), Bytes{hash}, kAppPasswordsMax);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kCreateAppPassword, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::too_large, "too many app passwords");
  doorbell_.ring_account(account);
  co_return app_password_from_row(rows[0]);
}

Task<Result<void>> PostgresAdministrators::remove_app_password(AccountId account, AppPasswordId id) {
  Params params(account, id);
  Error none(ErrorKind::not_found, "no such app password");
  CO_TRY_VOID(co_await change_one(kRemoveAppPassword, std::move(params), std::move(none)));
  doorbell_.ring_account(account);
  co_return Result<void>();
}

Task<Result<KeptAnswer>> PostgresAdministrators::claim_answer(std::string who, std::string key,
                                                              std::string request) {
  std::vector<Query> queries;
  queries.emplace_back(kClaim, Params(who, key, Bytes{request}));
  queries.emplace_back(kFindAnswer, Params(who, key, Bytes{request}));
  CO_TRY(const std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  KeptAnswer answer;
  answer.first = results[0].affected() == 1;
  if (results[1].empty()) co_return Error(ErrorKind::unavailable, "the answer was forgotten meanwhile");
  const Row row = results[1][0];
  answer.same_request = row.get<bool>(0);
  answer.status = row.get<std::optional<std::int16_t>>(1);
  answer.etag = row.get<std::string>(2);
  answer.body = row.get<std::string>(3);
  co_return answer;
}

Task<Result<void>> PostgresAdministrators::keep_answer(std::string who, std::string key, std::int16_t status,
                                                       std::string etag, std::string body) {
  Params params(who, key, status, etag, body);
  CO_TRY_VOID(co_await database_.query(Lane::write, kKeep, std::move(params)));
  co_return Result<void>();
}

Task<Result<void>> PostgresAdministrators::release_answer(std::string who, std::string key) {
  Params params(who, key);
  CO_TRY_VOID(co_await database_.query(Lane::write, kRelease, std::move(params)));
  co_return Result<void>();
}

}  // namespace postern::postgres
