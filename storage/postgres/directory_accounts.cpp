// Accounts: creating with usage row and mailboxes, credentials, limits, status.
#include "storage/model/mailbox.h"
#include "storage/name_words.h"
#include "storage/postgres/directory.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

struct FirstMailbox {
  const char* name;
  SpecialUse use;
};
constexpr FirstMailbox kFirstMailboxes[] = {
    {"INBOX", SpecialUse::none},  {"Sent", SpecialUse::sent}, {"Drafts", SpecialUse::drafts},
    {"Trash", SpecialUse::trash}, {"Junk", SpecialUse::junk}, {"Archive", SpecialUse::archive},
};

// Accounts and aliases of a domain are made one after the other, so that none can take the other's address.
// The plan's quota must not change before it is copied to the account.
constexpr Statement kLockDomain{"lock_domain_for_account", R"sql(
 SELECT domain.domain_id
   FROM domains domain JOIN plans plan USING (plan_id)
  WHERE domain.name = $1::text
    FOR NO KEY UPDATE OF domain FOR SHARE OF plan)sql"};

constexpr Statement kFindAlias{"find_alias_of_account", R"sql(
 SELECT 1 FROM aliases WHERE address = $1::text)sql"};

// The clock is asked for a UIDVALIDITY here only; from now on the number rises with every mailbox.
constexpr Statement kCreateAccount{"create_account", R"sql(
 WITH home AS (
     SELECT domain.domain_id, plan.quota_octets
       FROM domains domain JOIN plans plan USING (plan_id)
      WHERE domain.name = $1::text
        AND NOT EXISTS (SELECT FROM aliases WHERE aliases.address = $2::text)),
 created AS (
     INSERT INTO accounts (domain_id, address, password_hash, scram_sha256, quota_octets, quota_messages,
                           display_name, name_words, in_address_book)
     SELECT home.domain_id, $2::text, $3::text, $4::text, $5::bigint, $6::bigint,
            $9::text, $10::text[], $11::boolean
       FROM home
     RETURNING account_id),
 first AS (
     SELECT created.account_id, extract(epoch FROM now())::bigint AS uid_validity FROM created),
 usage AS (
     INSERT INTO account_usage (account_id, octets_max, messages_max, next_uid_validity)
     SELECT first.account_id, coalesce($5::bigint, home.quota_octets), $6::bigint,
            first.uid_validity + cardinality($7::text[])
       FROM first CROSS JOIN home),
 boxes AS (
     INSERT INTO mailboxes (account_id, name, special_use, uid_validity)
     SELECT first.account_id, box.name, box.use::smallint, first.uid_validity + box.number - 1
       FROM first CROSS JOIN unnest($7::text[], $8::bigint[]) WITH ORDINALITY AS box(name, use, number))
 INSERT INTO subscriptions (account_id, name)
 SELECT first.account_id, box.name FROM first CROSS JOIN unnest($7::text[]) AS box(name))sql"};

constexpr Statement kCreatedAccount{"created_account", "SELECT " POSTERN_ACCOUNT_COLUMNS R"sql(
   FROM account_records
  WHERE address = $1::text)sql"};

constexpr Statement kDomainOfList{"domain_of_account_list", R"sql(
 SELECT domain_id FROM domains WHERE name = $1::text)sql"};

constexpr Statement kListAccounts{"list_accounts", "SELECT " POSTERN_ACCOUNT_COLUMNS R"sql(
   FROM account_records
  WHERE domain_id = (SELECT domain_id FROM domains WHERE name = $1::text)
  ORDER BY address)sql"};

constexpr Statement kSetCredentials{"set_credentials", R"sql(
 UPDATE accounts SET password_hash = $2::text, scram_sha256 = $3::text
  WHERE account_id = $1::bigint)sql"};

constexpr Statement kUpgradeCredentials{"upgrade_credentials", R"sql(
 UPDATE accounts SET password_hash = $3::text, scram_sha256 = $4::text
  WHERE account_id = $1::bigint AND password_hash = $2::text)sql"};

constexpr Statement kSetStatus{"set_account_status", R"sql(
 UPDATE accounts SET status = $2::smallint, deleted_at = CASE WHEN $2::smallint = $3::smallint THEN now() END
  WHERE account_id = $1::bigint AND NOT (status = $2::smallint AND status = $3::smallint))sql"};

// A plan that changes now is waited for, and waits for us: the quota below is the plan's last word.
constexpr Statement kLockPlan{"lock_plan_of_account", R"sql(
 SELECT plan.plan_id
   FROM accounts account JOIN domains domain USING (domain_id) JOIN plans plan USING (plan_id)
  WHERE account.account_id = $1::bigint
    FOR SHARE OF plan)sql"};

constexpr Statement kSetLimits{"set_account_limits", R"sql(
 WITH changed AS (
     UPDATE accounts SET quota_octets = $2::bigint, quota_messages = $3::bigint
      WHERE account_id = $1::bigint
      RETURNING account_id, domain_id)
 UPDATE account_usage usage
    SET octets_max = coalesce($2::bigint, plan.quota_octets), messages_max = $3::bigint
   FROM changed JOIN domains domain USING (domain_id) JOIN plans plan USING (plan_id)
  WHERE usage.account_id = changed.account_id)sql"};

}  // namespace

Task<Result<AccountRecord>> PostgresDirectory::create_account(std::string address, Credentials credentials,
                                                              AccountLimits limits) {
  Profile nameless;
  co_return co_await create_account(std::move(address), std::move(credentials), limits, std::move(nameless));
}

Task<Result<AccountRecord>> PostgresDirectory::create_account(std::string address, Credentials credentials,
                                                              AccountLimits limits, Profile profile) {
  CO_TRY(const Address normal, parse_address(address));
  if (!profile.display_name.empty()) CO_TRY_VOID(check_label(profile.display_name));
  if (limits.quota_octets == 0u || limits.quota_messages == 0u) {
    co_return Error(ErrorKind::invalid, "a quota is above zero");
  }
  const std::string text = normal.text();
  std::vector<std::string> names;
  std::vector<std::int64_t> uses;
  for (const FirstMailbox& mailbox : kFirstMailboxes) {
    names.emplace_back(mailbox.name);
    uses.push_back(static_cast<std::int64_t>(mailbox.use));
  }
  std::vector<Query> queries;
  queries.emplace_back(kLockDomain, Params(normal.domain));
  queries.emplace_back(kFindAlias, Params(text));
  queries.emplace_back(kCreateAccount,
                       Params(normal.domain, text, credentials.password_hash, credentials.scram_sha256,
                              limits.quota_octets, limits.quota_messages, names, uses, profile.display_name,
                              name_words(profile.display_name), profile.in_address_book));
  queries.emplace_back(kCreatedAccount, Params(text));
  CO_TRY(std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such domain");
  if (!results[1].empty()) co_return Error(ErrorKind::already_exists, "an alias has this address");
  AccountRecord account = account_from_row(results[3][0]);
  doorbell_.ring_account(account.id);
  co_return account;
}

Task<Result<std::vector<AccountRecord>>> PostgresDirectory::list_accounts(std::string domain) {
  CO_TRY(const std::string name, normal_domain(domain));
  std::vector<Query> queries;
  queries.emplace_back(kDomainOfList, Params(name));
  queries.emplace_back(kListAccounts, Params(name));
  CO_TRY(std::vector<Rows> results, co_await database_.batch(Lane::read, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such domain");
  std::vector<AccountRecord> accounts;
  accounts.reserve(results[1].size());
  for (std::size_t i = 0; i < results[1].size(); ++i) accounts.push_back(account_from_row(results[1][i]));
  co_return accounts;
}

Task<Result<void>> PostgresDirectory::change_account(const Statement& statement, AccountId id,
                                                     Params params) {
  CO_TRY(Rows rows, co_await database_.query(Lane::write, statement, std::move(params)));
  if (rows.affected() == 0) co_return Error(ErrorKind::not_found, "no such account");
  doorbell_.ring_account(id);
  co_return Result<void>();
}

Task<Result<void>> PostgresDirectory::set_credentials(AccountId id, Credentials credentials) {
  Params params(id, credentials.password_hash, credentials.scram_sha256);
  co_return co_await change_account(kSetCredentials, id, std::move(params));
}

Task<Result<void>> PostgresDirectory::upgrade_credentials(AccountId id, std::string from,
                                                          Credentials credentials) {
  Params params(id, from, credentials.password_hash, credentials.scram_sha256);
  co_return co_await change_account(kUpgradeCredentials, id, std::move(params));
}

Task<Result<void>> PostgresDirectory::set_status(AccountId id, AccountStatus status) {
  Params params(id, static_cast<std::int16_t>(status), static_cast<std::int16_t>(AccountStatus::deleted));
  co_return co_await change_account(kSetStatus, id, std::move(params));
}

Task<Result<void>> PostgresDirectory::delete_account(AccountId id) {
  co_return co_await set_status(id, AccountStatus::deleted);
}

Task<Result<void>> PostgresDirectory::set_limits(AccountId id, AccountLimits limits) {
  if (limits.quota_octets == 0u || limits.quota_messages == 0u) {
    co_return Error(ErrorKind::invalid, "a quota is above zero");
  }
  std::vector<Query> queries;
  queries.emplace_back(kLockPlan, Params(id));
  queries.emplace_back(kSetLimits, Params(id, limits.quota_octets, limits.quota_messages));
  CO_TRY(std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[1].affected() == 0) co_return Error(ErrorKind::not_found, "no such account");
  doorbell_.ring_account(id);
  co_return Result<void>();
}

}  // namespace postern::postgres
