// Accounts and aliases in pages.
#include "gateway/base/text.h"
#include "storage/postgres/directory_rows.h"
#include "storage/postgres/listings.h"

namespace postern::postgres {

namespace {

#define POSTERN_EFFECTIVE                                                         \
  "effective_features(plan.features, domain.features_set, domain.features_value," \
  " account.features_set, account.features_value)"

#define POSTERN_ACCOUNT_ENTRY                                                                              \
  "SELECT account.account_id, domain.domain_id, domain.tenant_id, account.address, account.status,"        \
  " account.display_name, account.in_address_book,"                                                        \
  " usage.octets, usage.messages, usage.octets_max, usage.messages_max, account.quota_octets IS NOT NULL," \
  " plan.features, domain.features_set, domain.features_value, account.features_set,"                      \
  " account.features_value, account.created_at, account.xmin::text"                                        \
  " FROM accounts account JOIN domains domain ON domain.domain_id = account.domain_id"                     \
  " JOIN plans plan USING (plan_id) JOIN account_usage usage USING (account_id)"                           \
  " WHERE " POSTERN_IN_REACH

#define POSTERN_ACCOUNT_FILTER                                                                  \
  " AND account.address COLLATE \"C\" > $3::text AND account.address COLLATE \"C\" >= $4::text" \
  " AND account.address COLLATE \"C\" < $5::text"                                               \
  " AND ($6::smallint IS NULL AND account.status <> 2 OR account.status = $6::smallint)"        \
  " AND ($7::smallint = 0 OR " POSTERN_EFFECTIVE " & $7::smallint <> 0)"
#define POSTERN_ACCOUNT_ORDER " ORDER BY account.address COLLATE \"C\" LIMIT $8::bigint"

constexpr Statement kAccounts{"list_account_entries",
                              POSTERN_ACCOUNT_ENTRY POSTERN_ACCOUNT_FILTER POSTERN_ACCOUNT_ORDER};
// A plan of its own: the index leads with the domain.
constexpr Statement kAccountsOfDomain{
    "list_account_entries_of_domain", POSTERN_ACCOUNT_ENTRY POSTERN_ACCOUNT_FILTER
    " AND account.domain_id = (SELECT domain_id FROM domains WHERE name = $9::text)" POSTERN_ACCOUNT_ORDER};
constexpr Statement kAccount{"find_account_entry", POSTERN_ACCOUNT_ENTRY " AND account.address = $3::text"};

#define POSTERN_ALIAS_ENTRY                               \
  "SELECT alias.address, alias.targets, alias.xmin::text" \
  " FROM aliases alias JOIN domains domain USING (domain_id) WHERE " POSTERN_IN_REACH

constexpr Statement kAliases{"list_alias_entries", POSTERN_ALIAS_ENTRY R"sql(
    AND ($3::text IS NULL OR domain.name = $3::text)
    AND alias.address COLLATE "C" > $4::text AND alias.address COLLATE "C" >= $5::text
    AND alias.address COLLATE "C" < $6::text
  ORDER BY alias.address COLLATE "C" LIMIT $7::bigint)sql"};
constexpr Statement kAlias{"find_alias_entry", POSTERN_ALIAS_ENTRY " AND alias.address = $3::text"};

AccountEntry account_entry_from_row(const Row& row) {
  AccountEntry entry;
  entry.id = row.get<AccountId>(0);
  entry.domain = row.get<DomainId>(1);
  entry.tenant = row.get<TenantId>(2);
  entry.address = row.get<std::string>(3);
  entry.status = row.get<AccountStatus>(4);
  entry.profile = {row.get<std::string>(5), row.get<bool>(6)};
  entry.quota = quota_from_row(row, 7);
  entry.own_quota = row.get<bool>(11);
  entry.features = levels_from_row(row, 12, true);
  entry.created_at = row.get<WallTime>(17);
  entry.version = row.get<std::string>(18);
  return entry;
}

AliasEntry alias_from_row(const Row& row) {
  AliasEntry entry;
  entry.alias = {row.get<std::string>(0), row.get<std::vector<std::string>>(1)};
  entry.version = row.get<std::string>(2);
  return entry;
}

}  // namespace

Task<Result<std::vector<AccountEntry>>> PostgresListings::accounts(Reach reach, DirectoryFilter filter,
                                                                   PageRange range) {
  std::vector<AccountEntry> entries;
  const auto within = narrowed(reach, filter.tenant);
  if (!within) co_return entries;
  const std::string begins = text::to_lower(filter.begins_with);
  std::optional<std::int16_t> status;
  if (filter.status) status = static_cast<std::int16_t>(*filter.status);
  const std::int16_t feature = filter.feature ? bit_of(*filter.feature) : std::int16_t{0};
  Params params(within->tenant, within->domain, range.after, begins, end_of(begins), status, feature,
                range.items_max);
  const Statement* statement = &kAccounts;
  if (filter.domain) {
    const auto domain = normal_domain(*filter.domain);
    if (!domain) co_return entries;
    params.add(*domain);
    statement = &kAccountsOfDomain;
  }
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, *statement, std::move(params)));
  for (std::size_t i = 0; i < rows.size(); ++i) entries.push_back(account_entry_from_row(rows[i]));
  co_return entries;
}

Task<Result<AccountEntry>> PostgresListings::account(Reach reach, std::string address) {
  const auto normal = parse_address(address);
  if (!normal) co_return Error(ErrorKind::not_found, "no such account");
  Params params(reach.tenant, reach.domain, normal->text());
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kAccount, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  co_return account_entry_from_row(rows[0]);
}

Task<Result<std::vector<AliasEntry>>> PostgresListings::aliases(Reach reach, DirectoryFilter filter,
                                                                PageRange range) {
  std::vector<AliasEntry> entries;
  const auto within = narrowed(reach, filter.tenant);
  if (!within) co_return entries;
  const std::string begins = text::to_lower(filter.begins_with);
  Params params(within->tenant, within->domain, filter.domain, range.after, begins, end_of(begins),
                range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kAliases, std::move(params)));
  for (std::size_t i = 0; i < rows.size(); ++i) entries.push_back(alias_from_row(rows[i]));
  co_return entries;
}

Task<Result<AliasEntry>> PostgresListings::alias(Reach reach, std::string address) {
  const auto normal = parse_address(address);
  if (!normal) co_return Error(ErrorKind::not_found, "no such alias");
  Params params(reach.tenant, reach.domain, normal->text());
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kAlias, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such alias");
  co_return alias_from_row(rows[0]);
}

}  // namespace postern::postgres
