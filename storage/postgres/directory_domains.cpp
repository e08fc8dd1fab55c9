// Domains.
#include "storage/postgres/directory.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kCreateDomain{"create_domain", R"sql(
 INSERT INTO domains (tenant_id, name, plan_id)
 SELECT $1::bigint, $2::text, plan_id FROM plans WHERE name = $3::text
 RETURNING domain_id)sql"};

constexpr Statement kFindDomain{"find_domain", R"sql(
 SELECT domain.domain_id, domain.tenant_id, domain.name, plan.name, domain.catch_all,
        (SELECT count(*) FROM accounts
          WHERE accounts.domain_id = domain.domain_id AND accounts.deleted_at IS NULL)
   FROM domains domain JOIN plans plan USING (plan_id)
  WHERE domain.name = $1::text)sql"};

constexpr Statement kListDomains{"list_domains", R"sql(
 SELECT domain.domain_id, domain.tenant_id, domain.name, plan.name, domain.catch_all,
        (SELECT count(*) FROM accounts
          WHERE accounts.domain_id = domain.domain_id AND accounts.deleted_at IS NULL)
   FROM domains domain JOIN plans plan USING (plan_id)
  ORDER BY domain.name)sql"};

constexpr Statement kDeleteAliasesOfDomain{"delete_aliases_of_domain", R"sql(
 DELETE FROM aliases WHERE domain_id = (SELECT domain_id FROM domains WHERE name = $1::text))sql"};

// Its accounts, deleted ones that can be brought back included, hold the domain by their foreign key.
constexpr Statement kDeleteDomain{"delete_domain", R"sql(
 DELETE FROM domains WHERE name = $1::text)sql"};

constexpr Statement kSetCatchAll{"set_catch_all", R"sql(
 UPDATE domains SET catch_all = $2::text WHERE name = $1::text)sql"};

Domain domain_from_row(const Row& row) {
  Domain domain;
  domain.id = DomainId{row.get<std::int64_t>(0)};
  domain.tenant = TenantId{row.get<std::int64_t>(1)};
  domain.name = row.get<std::string>(2);
  domain.plan = row.get<std::string>(3);
  if (!row.is_null(4)) domain.catch_all = row.get<std::string>(4);
  domain.accounts = static_cast<std::uint64_t>(row.get<std::int64_t>(5));
  return domain;
}

}  // namespace

Task<Result<Domain>> PostgresDirectory::create_domain(TenantId tenant, std::string name, std::string plan) {
  CO_TRY(std::string normal, normal_domain(name));
  if (!check_label(plan)) co_return Error(ErrorKind::not_found, "no such plan");
  Params params(tenant, normal, plan);
  auto created = co_await database_.query(Lane::write, kCreateDomain, std::move(params));
  // The one foreign key that the statement can break.
  if (!created && created.error().kind == ErrorKind::invalid) {
    co_return Error(ErrorKind::not_found, "no such tenant");
  }
  if (!created) co_return std::move(created).error();
  if (created->empty()) co_return Error(ErrorKind::not_found, "no such plan");
  Domain domain;
  domain.id = DomainId{(*created)[0].get<std::int64_t>(0)};
  domain.tenant = tenant;
  domain.name = std::move(normal);
  domain.plan = std::move(plan);
  co_return domain;
}

Task<Result<Domain>> PostgresDirectory::find_domain(std::string name) {
  const auto normal = normal_domain(name);
  if (!normal) co_return Error(ErrorKind::not_found, "no such domain");
  Params params(*normal);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kFindDomain, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such domain");
  co_return domain_from_row(rows[0]);
}

Task<Result<std::vector<Domain>>> PostgresDirectory::list_domains() {
  Params params;
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kListDomains, std::move(params)));
  std::vector<Domain> domains;
  for (std::size_t i = 0; i < rows.size(); ++i) domains.push_back(domain_from_row(rows[i]));
  co_return domains;
}

Task<Result<void>> PostgresDirectory::delete_domain(std::string name) {
  CO_TRY(const std::string normal, normal_domain(name));
  std::vector<Query> queries;
  queries.emplace_back(kDeleteAliasesOfDomain, Params(normal));
  queries.emplace_back(kDeleteDomain, Params(normal));
  auto results = co_await database_.batch(Lane::write, std::move(queries));
  if (!results && results.error().detail == "accounts_domain_id_fkey") {
    co_return Error(ErrorKind::denied, "the domain still has accounts");
  }
  if (!results) co_return std::move(results).error();
  if ((*results)[1].affected() == 0) co_return Error(ErrorKind::not_found, "no such domain");
  co_return Result<void>();
}

Task<Result<void>> PostgresDirectory::set_catch_all(std::string domain, std::optional<std::string> address) {
  CO_TRY(const std::string normal, normal_domain(domain));
  std::optional<std::string> target;
  if (address) {
    CO_TRY(Address parsed, parse_address(*address));
    target = parsed.text();
  }
  Params params(normal, target);
  CO_TRY(Rows rows, co_await database_.query(Lane::write, kSetCatchAll, std::move(params)));
  if (rows.affected() == 0) co_return Error(ErrorKind::not_found, "no such domain");
  co_return Result<void>();
}

}  // namespace postern::postgres
