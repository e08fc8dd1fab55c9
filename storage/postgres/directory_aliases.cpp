// Aliases: addresses that lead to accounts, to other aliases, or outside.
#include <algorithm>

#include "storage/postgres/directory.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kLockDomain{"lock_domain_for_alias", R"sql(
 SELECT domain_id FROM domains WHERE name = $1::text FOR NO KEY UPDATE)sql"};

constexpr Statement kSetAlias{"set_alias", R"sql(
 INSERT INTO aliases (address, domain_id, targets)
 SELECT $2::text, domain_id, $3::text[]
   FROM domains
  WHERE name = $1::text AND NOT EXISTS (SELECT FROM accounts WHERE accounts.address = $2::text)
 ON CONFLICT (address) DO UPDATE SET targets = excluded.targets)sql"};

constexpr Statement kDeleteAlias{"delete_alias", R"sql(
 DELETE FROM aliases WHERE address = $1::text)sql"};

constexpr Statement kDomainOfList{"domain_of_alias_list", R"sql(
 SELECT domain_id FROM domains WHERE name = $1::text)sql"};

constexpr Statement kListAliases{"list_aliases", R"sql(
 SELECT address, targets
   FROM aliases
  WHERE domain_id = (SELECT domain_id FROM domains WHERE name = $1::text)
  ORDER BY address)sql"};

constexpr Statement kAddresses{"addresses_of_account", R"sql(
 SELECT address, 0 AS rank FROM accounts WHERE account_id = $1::bigint
 UNION ALL
 SELECT alias.address, 1
   FROM accounts account JOIN aliases alias ON alias.targets[1] = account.address AND cardinality(alias.targets) = 1
  WHERE account.account_id = $1::bigint
  ORDER BY rank, address)sql"};

Result<std::vector<std::string>> normal_targets(const std::vector<std::string>& targets) {
  if (targets.empty()) return Error(ErrorKind::invalid, "an alias leads somewhere");
  if (targets.size() > PostgresDirectory::kAliasTargetsMax) {
    return Error(ErrorKind::too_large, "too many targets of an alias");
  }
  std::vector<std::string> normal;
  for (const std::string& target : targets) {
    TRY(Address address, parse_address(target));
    normal.push_back(address.text());
  }
  std::sort(normal.begin(), normal.end());
  normal.erase(std::unique(normal.begin(), normal.end()), normal.end());
  return normal;
}

}  // namespace

Task<Result<void>> PostgresDirectory::set_alias(std::string address, std::vector<std::string> targets) {
  CO_TRY(const Address normal, parse_address(address));
  CO_TRY(const std::vector<std::string> leads_to, normal_targets(targets));
  std::vector<Query> queries;
  queries.emplace_back(kLockDomain, Params(normal.domain));
  queries.emplace_back(kSetAlias, Params(normal.domain, normal.text(), leads_to));
  CO_TRY(std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such domain");
  if (results[1].affected() == 0) co_return Error(ErrorKind::already_exists, "an account has this address");
  co_return Result<void>();
}

Task<Result<void>> PostgresDirectory::delete_alias(std::string address) {
  const auto normal = parse_address(address);
  if (!normal) co_return Error(ErrorKind::not_found, "no such alias");
  Params params(normal->text());
  CO_TRY(Rows rows, co_await database_.query(Lane::write, kDeleteAlias, std::move(params)));
  if (rows.affected() == 0) co_return Error(ErrorKind::not_found, "no such alias");
  co_return Result<void>();
}

Task<Result<std::vector<std::string>>> PostgresDirectory::addresses(AccountId id) {
  Params params(id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kAddresses, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such account");
  std::vector<std::string> addresses;
  for (std::size_t i = 0; i < rows.size(); ++i) addresses.push_back(rows[i].get<std::string>(0));
  co_return addresses;
}

Task<Result<std::vector<Alias>>> PostgresDirectory::list_aliases(std::string domain) {
  CO_TRY(const std::string name, normal_domain(domain));
  std::vector<Query> queries;
  queries.emplace_back(kDomainOfList, Params(name));
  queries.emplace_back(kListAliases, Params(name));
  CO_TRY(std::vector<Rows> results, co_await database_.batch(Lane::read, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such domain");
  std::vector<Alias> aliases;
  for (std::size_t i = 0; i < results[1].size(); ++i) {
    const Row row = results[1][i];
    aliases.push_back(Alias{row.get<std::string>(0), row.get<std::vector<std::string>>(1)});
  }
  co_return aliases;
}

}  // namespace postern::postgres
