// What proves who asks: tokens, sessions of the page, second factors.
#include "storage/postgres/administrators.h"

namespace postern::postgres {

namespace {

#define POSTERN_TOKEN_COLUMNS "token_id, token.name, scopes, token.created_at, expires_at, last_used_at"

constexpr Statement kTokens{"list_tokens", "SELECT " POSTERN_TOKEN_COLUMNS R"sql(
   FROM tokens token WHERE administrator_id = $1::bigint ORDER BY token_id)sql"};

constexpr Statement kCreateToken{"create_token", R"sql(
 INSERT INTO tokens AS token (administrator_id, name, hash, scopes, expires_at)
 SELECT $1::bigint, $2::text, $3::bytea, $4::bigint, $5::timestamptz
  WHERE (SELECT count(*) FROM tokens WHERE administrator_id = $1::bigint) < $6::bigint
 RETURNING )sql" POSTERN_TOKEN_COLUMNS};

constexpr Statement kRemoveToken{"remove_token", R"sql(
 DELETE FROM tokens WHERE administrator_id = $1::bigint AND token_id = $2::bigint)sql"};

constexpr Statement kFindToken{"find_token",
                               "WITH used AS ("
                               R"sql(
   UPDATE tokens SET last_used_at = now()
    WHERE hash = $1::bytea AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour'))
 SELECT )sql" POSTERN_ADMINISTRATOR_COLUMNS R"sql(, token.scopes
   FROM tokens token JOIN administrators admin USING (administrator_id)
   LEFT JOIN domains domain USING (domain_id)
  WHERE token.hash = $1::bytea AND token.expires_at > now() AND NOT admin.locked)sql"};
constexpr int kScopesOfToken = 10;

constexpr Statement kBeginSession{"begin_page_session", R"sql(
 INSERT INTO page_sessions (hash, administrator_id, account_id) VALUES ($1::bytea, $2::bigint, $3::bigint))sql"};

constexpr Statement kNoteSignIn{"note_sign_in", R"sql(
 INSERT INTO audit (who, via, source, action, kind, object, tenant_id, domain_id)
 SELECT acting('who'), acting('via'), acting('from'), 'sign_in', 'session', owner.name,
        coalesce(owner.tenant_id, domain.tenant_id), owner.domain_id
   FROM (SELECT name, tenant_id, domain_id FROM administrators WHERE administrator_id = $1::bigint
         UNION ALL
         SELECT address, NULL, domain_id FROM accounts WHERE account_id = $2::bigint) owner
   LEFT JOIN domains domain ON domain.domain_id = owner.domain_id)sql"};

constexpr Statement kUseSession{"use_page_session", R"sql(
 WITH found AS (
     SELECT session.administrator_id, session.account_id
       FROM page_sessions session
       LEFT JOIN administrators admin USING (administrator_id)
       LEFT JOIN accounts account ON account.account_id = session.account_id
      WHERE hash = $1::bytea AND used_at > now() - $2::bigint * interval '1 millisecond'
        AND begun_at > now() - $3::bigint * interval '1 millisecond'
        AND CASE WHEN session.account_id IS NULL THEN NOT admin.locked ELSE account.status = 0 END),
 used AS (
     UPDATE page_sessions SET used_at = now()
      WHERE hash = $1::bytea AND used_at < now() - interval '30 seconds' AND EXISTS (SELECT FROM found))
 SELECT administrator_id, account_id FROM found)sql"};

constexpr Statement kEndSession{"end_page_session", "DELETE FROM page_sessions WHERE hash = $1::bytea"};

constexpr Statement kEndSessions{"end_page_sessions", R"sql(
 DELETE FROM page_sessions
  WHERE (administrator_id = $1::bigint OR account_id = $2::bigint) AND hash <> $3::bytea)sql"};

constexpr Statement kSecondFactor{"find_second_factor", R"sql(
 SELECT secret, confirmed, last_step
   FROM second_factors WHERE administrator_id = $1::bigint OR account_id = $2::bigint)sql"};

constexpr Statement kForgetUnconfirmed{"forget_unconfirmed_factor", R"sql(
 DELETE FROM second_factors
  WHERE (administrator_id = $1::bigint OR account_id = $2::bigint) AND NOT confirmed)sql"};
constexpr Statement kBeginSecondFactor{"begin_second_factor", R"sql(
 INSERT INTO second_factors (administrator_id, account_id, secret) VALUES ($1::bigint, $2::bigint, $3::bytea))sql"};

// Of two that come with the same code one finds it taken.
constexpr Statement kTakeStep{"take_second_factor_step", R"sql(
 UPDATE second_factors SET last_step = $3::bigint, confirmed = true
  WHERE (administrator_id = $1::bigint OR account_id = $2::bigint) AND last_step < $3::bigint)sql"};

constexpr Statement kRemoveSecondFactor{"remove_second_factor", R"sql(
 DELETE FROM second_factors WHERE administrator_id = $1::bigint OR account_id = $2::bigint)sql"};

Token token_from_row(const Row& row) {
  Token token;
  token.id = row.get<TokenId>(0);
  token.name = row.get<std::string>(1);
  token.scopes = Scopes::from_bits(row.get<std::uint64_t>(2));
  token.created_at = row.get<WallTime>(3);
  token.expires_at = row.get<WallTime>(4);
  token.last_used_at = row.get<std::optional<WallTime>>(5);
  return token;
}

}  // namespace

Task<Result<std::vector<Token>>> PostgresAdministrators::tokens(AdministratorId id) {
  Params params(id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kTokens, std::move(params)));
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < rows.size(); ++i) tokens.push_back(token_from_row(rows[i]));
  co_return tokens;
}

Task<Result<Token>> PostgresAdministrators::create_token(AdministratorId id, std::string hash, Token token) {
  Params params(id, token.name, Bytes{hash}, token.scopes.bits(), token.expires_at, kTokensMax);
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kCreateToken, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::too_large, "too many tokens");
  co_return token_from_row(rows[0]);
}

Task<Result<void>> PostgresAdministrators::remove_token(AdministratorId id, TokenId token) {
  Params params(id, token);
  Error none(ErrorKind::not_found, "no such token");
  co_return co_await change_one(kRemoveToken, std::move(params), std::move(none));
}

Task<Result<TokenHolder>> PostgresAdministrators::find_token(std::string hash) {
  Params params(Bytes{hash});
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kFindToken, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such token");
  TokenHolder holder;
  holder.administrator = administrator_from_row(rows[0], 0);
  holder.scopes = Scopes::from_bits(rows[0].get<std::uint64_t>(kScopesOfToken));
  co_return holder;
}

Task<Result<void>> PostgresAdministrators::begin_session(std::string hash, Owner owner) {
  std::vector<Query> queries;
  queries.emplace_back(kBeginSession, Params(Bytes{hash}, owner.administrator, owner.account));
  queries.emplace_back(kNoteSignIn, Params(owner.administrator, owner.account));
  CO_TRY_VOID(co_await database_.batch(Lane::write, std::move(queries)));
  co_return Result<void>();
}

Task<Result<Owner>> PostgresAdministrators::use_session(std::string hash, Milliseconds idle,
                                                        Milliseconds life) {
  Params params(Bytes{hash}, static_cast<std::int64_t>(idle.count()),
                static_cast<std::int64_t>(life.count()));
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kUseSession, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such session");
  Owner owner;
  owner.administrator = rows[0].get<std::optional<AdministratorId>>(0);
  owner.account = rows[0].get<std::optional<AccountId>>(1);
  co_return owner;
}

Task<Result<void>> PostgresAdministrators::end_session(std::string hash) {
  Params params(Bytes{hash});
  CO_TRY_VOID(co_await database_.query(Lane::write, kEndSession, std::move(params)));
  co_return Result<void>();
}

Task<Result<void>> PostgresAdministrators::end_sessions(Owner owner, std::string except) {
  Params params(owner.administrator, owner.account, Bytes{except});
  CO_TRY_VOID(co_await database_.query(Lane::write, kEndSessions, std::move(params)));
  co_return Result<void>();
}

Task<Result<std::optional<SecondFactor>>> PostgresAdministrators::second_factor(Owner owner) {
  Params params(owner.administrator, owner.account);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kSecondFactor, std::move(params)));
  std::optional<SecondFactor> factor;
  if (!rows.empty()) {
    factor.emplace();
    factor->secret = rows[0].get<std::string>(0);
    factor->confirmed = rows[0].get<bool>(1);
    factor->last_step = rows[0].get<std::int64_t>(2);
  }
  co_return factor;
}

Task<Result<void>> PostgresAdministrators::begin_second_factor(Owner owner, std::string secret) {
  std::vector<Query> queries;
  queries.emplace_back(kForgetUnconfirmed, Params(owner.administrator, owner.account));
  queries.emplace_back(kBeginSecondFactor, Params(owner.administrator, owner.account, Bytes{secret}));
  CO_TRY_VOID(co_await database_.batch(Lane::write, std::move(queries)));
  co_return Result<void>();
}

Task<Result<void>> PostgresAdministrators::take_step(Owner owner, std::int64_t step) {
  Params params(owner.administrator, owner.account, step);
  Error taken(ErrorKind::stale, "the code was taken before");
  co_return co_await change_one(kTakeStep, std::move(params), std::move(taken));
}

Task<Result<void>> PostgresAdministrators::remove_second_factor(Owner owner) {
  Params params(owner.administrator, owner.account);
  CO_TRY_VOID(co_await database_.query(Lane::write, kRemoveSecondFactor, std::move(params)));
  co_return Result<void>();
}

}  // namespace postern::postgres
