// Tenants, domains and the plans behind them.
#include "storage/postgres/directory.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kCreateTenant{"create_tenant", R"sql(
 INSERT INTO tenants (name) VALUES ($1::text) RETURNING tenant_id)sql"};

constexpr Statement kFindTenant{"find_tenant", R"sql(
 SELECT tenant_id FROM tenants WHERE name = $1::text)sql"};

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

constexpr Statement kSetDomainFeature{"set_domain_feature", R"sql(
 WITH changed AS (
     UPDATE domains SET features_set = (features_set & ~$2::smallint) | $3::smallint,
                        features_value = (features_value & ~$2::smallint) | $4::smallint
      WHERE name = $1::text
      RETURNING domain_id)
 SELECT account.account_id
   FROM changed LEFT JOIN accounts account USING (domain_id))sql"};

constexpr Statement kListPlans{"list_plans", R"sql(
 SELECT name, features, quota_octets, recovery_days FROM plans ORDER BY name)sql"};

constexpr Statement kPutPlan{"put_plan", R"sql(
 INSERT INTO plans (name, features, quota_octets, recovery_days)
 VALUES ($1::text, $2::smallint, $3::bigint, $4::integer)
 ON CONFLICT (name) DO UPDATE
    SET features = excluded.features, quota_octets = excluded.quota_octets,
        recovery_days = excluded.recovery_days)sql"};

// Accounts without a quota of their own follow their plan.
constexpr Statement kFollowPlan{"follow_plan", R"sql(
 UPDATE account_usage usage SET octets_max = plan.quota_octets
   FROM plans plan JOIN domains domain USING (plan_id) JOIN accounts account USING (domain_id)
  WHERE plan.name = $1::text AND account.quota_octets IS NULL AND usage.account_id = account.account_id
    AND usage.octets_max IS DISTINCT FROM plan.quota_octets)sql"};

constexpr Statement kAccountsOfPlan{"accounts_of_plan", R"sql(
 SELECT account.account_id
   FROM plans plan JOIN domains domain USING (plan_id) JOIN accounts account USING (domain_id)
  WHERE plan.name = $1::text)sql"};

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

Task<Result<Tenant>> PostgresDirectory::create_tenant(std::string name) {
  CO_TRY_VOID(check_label(name));
  Params params(name);
  CO_TRY(Rows rows, co_await database_.query(Lane::write, kCreateTenant, std::move(params)));
  Tenant tenant{TenantId{rows[0].get<std::int64_t>(0)}, std::move(name)};
  co_return tenant;
}

Task<Result<Tenant>> PostgresDirectory::find_tenant(std::string name) {
  if (!check_label(name)) co_return Error(ErrorKind::not_found, "no such tenant");
  Params params(name);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kFindTenant, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such tenant");
  Tenant tenant{TenantId{rows[0].get<std::int64_t>(0)}, std::move(name)};
  co_return tenant;
}

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
  if (!results && results.error().kind == ErrorKind::invalid) {
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

void PostgresDirectory::ring_accounts(const Rows& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].is_null(0)) doorbell_.ring_account(AccountId{rows[i].get<std::int64_t>(0)});
  }
}

Task<Result<void>> PostgresDirectory::set_domain_feature(std::string domain, Feature feature,
                                                         std::optional<bool> enabled) {
  CO_TRY(const std::string normal, normal_domain(domain));
  const FeatureEdit edit = feature_edit(feature, enabled);
  Params params(normal, edit.clear, edit.set, edit.value);
  CO_TRY(Rows rows, co_await database_.query(Lane::write, kSetDomainFeature, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such domain");
  ring_accounts(rows);
  co_return Result<void>();
}

Task<Result<std::vector<Plan>>> PostgresDirectory::list_plans() {
  Params params;
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kListPlans, std::move(params)));
  std::vector<Plan> plans;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    Plan& plan = plans.emplace_back();
    plan.name = row.get<std::string>(0);
    const auto bits = row.get<std::int16_t>(1);
    for (Feature feature : kFeatures) {
      plan.features[static_cast<std::size_t>(feature)] = (bits & bit_of(feature)) != 0;
    }
    if (!row.is_null(2)) plan.quota_octets = static_cast<std::uint64_t>(row.get<std::int64_t>(2));
    plan.recovery_days = static_cast<std::uint32_t>(row.get<std::int32_t>(3));
  }
  co_return plans;
}

Task<Result<void>> PostgresDirectory::put_plan(Plan plan) {
  CO_TRY_VOID(check_label(plan.name));
  std::int16_t bits = 0;
  for (Feature feature : kFeatures) {
    if (plan.features[static_cast<std::size_t>(feature)])
      bits = static_cast<std::int16_t>(bits | bit_of(feature));
  }
  std::vector<Query> queries;
  queries.emplace_back(
      kPutPlan, Params(plan.name, bits, plan.quota_octets, static_cast<std::int32_t>(plan.recovery_days)));
  queries.emplace_back(kFollowPlan, Params(plan.name));
  queries.emplace_back(kAccountsOfPlan, Params(plan.name));
  CO_TRY(std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  ring_accounts(results[2]);
  co_return Result<void>();
}

}  // namespace postern::postgres
