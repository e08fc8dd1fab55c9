// Plans: what domains give their accounts.
#include "storage/postgres/directory.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

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

constexpr Statement kDeletePlan{"delete_plan", R"sql(
 DELETE FROM plans WHERE name = $1::text)sql"};

constexpr Statement kSetDomainPlan{"set_domain_plan", R"sql(
 UPDATE domains SET plan_id = plan.plan_id
   FROM plans plan
  WHERE domains.name = $1::text AND plan.name = $2::text
 RETURNING domains.domain_id)sql"};

// Accounts without a quota of their own follow.
constexpr Statement kFollowDomain{"follow_plan_of_domain", R"sql(
 UPDATE account_usage usage SET octets_max = plan.quota_octets
   FROM plans plan JOIN domains domain USING (plan_id) JOIN accounts account USING (domain_id)
  WHERE domain.name = $1::text AND account.quota_octets IS NULL AND usage.account_id = account.account_id
    AND usage.octets_max IS DISTINCT FROM plan.quota_octets)sql"};

constexpr Statement kAccountsOfDomain{"accounts_of_domain", R"sql(
 SELECT account.account_id
   FROM domains domain JOIN accounts account USING (domain_id)
  WHERE domain.name = $1::text)sql"};

}  // namespace

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

Task<Result<void>> PostgresDirectory::delete_plan(std::string name) {
  if (!check_label(name)) co_return Error(ErrorKind::not_found, "no such plan");
  Params params(name);
  auto rows = co_await database_.query(Lane::write, kDeletePlan, std::move(params));
  if (!rows && rows.error().detail == "domains_plan_id_fkey") {
    co_return Error(ErrorKind::denied, "a domain has the plan");
  }
  if (!rows) co_return std::move(rows).error();
  if (rows->affected() == 0) co_return Error(ErrorKind::not_found, "no such plan");
  co_return Result<void>();
}

Task<Result<void>> PostgresDirectory::set_domain_plan(std::string domain, std::string plan) {
  CO_TRY(const std::string normal, normal_domain(domain));
  if (!check_label(plan)) co_return Error(ErrorKind::not_found, "no such plan");
  std::vector<Query> queries;
  queries.emplace_back(kSetDomainPlan, Params(normal, plan));
  queries.emplace_back(kFollowDomain, Params(normal));
  queries.emplace_back(kAccountsOfDomain, Params(normal));
  CO_TRY(const std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such domain or plan");
  ring_accounts(results[2]);
  co_return Result<void>();
}

}  // namespace postern::postgres
