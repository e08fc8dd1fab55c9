#include "storage/postgres/listings.h"

#include "gateway/base/text.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

#define POSTERN_TENANT_ENTRY                                                                            \
  "SELECT tenant.tenant_id, tenant.name, tenant.mobile_sync_max, tenant.created_at, tenant.xmin::text," \
  " (SELECT count(*) FROM domains WHERE domains.tenant_id = tenant.tenant_id) FROM tenants tenant"

constexpr Statement kTenants{"list_tenant_entries", POSTERN_TENANT_ENTRY R"sql(
  WHERE ($1::bigint IS NULL OR tenant.tenant_id = $1::bigint) AND tenant.name COLLATE "C" > $2::text
  ORDER BY tenant.name COLLATE "C" LIMIT $3::bigint)sql"};
constexpr Statement kTenant{"find_tenant_entry", POSTERN_TENANT_ENTRY " WHERE tenant.tenant_id = $1::bigint"};

constexpr Statement kMobileSyncUsed{"mobile_sync_used", "SELECT mobile_sync_used($1::bigint)"};

#define POSTERN_PLAN_ENTRY "SELECT name, features, quota_octets, recovery_days, xmin::text FROM plans"
constexpr Statement kPlans{"list_plan_entries", POSTERN_PLAN_ENTRY " ORDER BY name COLLATE \"C\""};
constexpr Statement kPlan{"find_plan_entry", POSTERN_PLAN_ENTRY " WHERE name = $1::text"};

#define POSTERN_DOMAIN_ENTRY                                                                         \
  "SELECT domain.domain_id, domain.tenant_id, domain.name, plan.name, domain.catch_all,"             \
  " (SELECT count(*) FROM accounts"                                                                  \
  "   WHERE accounts.domain_id = domain.domain_id AND accounts.deleted_at IS NULL),"                 \
  " plan.features, domain.features_set, domain.features_value, domain.created_at, domain.xmin::text" \
  " FROM domains domain JOIN plans plan USING (plan_id) WHERE " POSTERN_IN_REACH

constexpr Statement kDomains{"list_domain_entries", POSTERN_DOMAIN_ENTRY R"sql(
    AND domain.name COLLATE "C" > $3::text AND domain.name COLLATE "C" >= $4::text
    AND domain.name COLLATE "C" < $5::text
  ORDER BY domain.name COLLATE "C" LIMIT $6::bigint)sql"};
constexpr Statement kDomain{"find_domain_entry", POSTERN_DOMAIN_ENTRY " AND domain.name = $3::text"};

TenantEntry tenant_from_row(const Row& row) {
  TenantEntry entry;
  entry.tenant = {row.get<TenantId>(0), row.get<std::string>(1)};
  entry.mobile_sync_max = row.get<std::optional<std::uint64_t>>(2);
  entry.created_at = row.get<WallTime>(3);
  entry.version = row.get<std::string>(4);
  entry.domains = row.get<std::uint64_t>(5);
  return entry;
}

PlanEntry plan_from_row(const Row& row) {
  PlanEntry entry;
  entry.plan.name = row.get<std::string>(0);
  const auto bits = row.get<std::int16_t>(1);
  for (const Feature feature : kFeatures) {
    entry.plan.features[static_cast<std::size_t>(feature)] = (bits & bit_of(feature)) != 0;
  }
  entry.plan.quota_octets = row.get<std::optional<std::uint64_t>>(2);
  entry.plan.recovery_days = static_cast<std::uint32_t>(row.get<std::int32_t>(3));
  entry.version = row.get<std::string>(4);
  return entry;
}

DomainEntry domain_from_row(const Row& row) {
  DomainEntry entry;
  entry.domain.id = row.get<DomainId>(0);
  entry.domain.tenant = row.get<TenantId>(1);
  entry.domain.name = row.get<std::string>(2);
  entry.domain.plan = row.get<std::string>(3);
  entry.domain.catch_all = row.get<std::optional<std::string>>(4);
  entry.domain.accounts = row.get<std::uint64_t>(5);
  entry.features = levels_from_row(row, 6, false);
  entry.created_at = row.get<WallTime>(9);
  entry.version = row.get<std::string>(10);
  return entry;
}

std::optional<bool> word_of(std::int16_t set, std::int16_t value, Feature feature) {
  if ((set & bit_of(feature)) == 0) return std::nullopt;
  return (value & bit_of(feature)) != 0;
}

}  // namespace

std::optional<Reach> narrowed(Reach reach, const std::optional<TenantId>& tenant) {
  if (tenant && reach.tenant && *reach.tenant != *tenant) return std::nullopt;
  if (tenant) reach.tenant = tenant;
  return reach;
}

std::string end_of(const std::string& prefix) {
  return prefix + "\xF4\x8F\xBF\xBF";
}

AllFeatureLevels levels_from_row(const Row& row, int column, bool with_account) {
  AllFeatureLevels levels;
  const auto plan = row.get<std::int16_t>(column);
  const auto domain_set = row.get<std::int16_t>(column + 1);
  const auto domain_value = row.get<std::int16_t>(column + 2);
  const std::int16_t account_set = with_account ? row.get<std::int16_t>(column + 3) : std::int16_t{0};
  const std::int16_t account_value = with_account ? row.get<std::int16_t>(column + 4) : std::int16_t{0};
  for (const Feature feature : kFeatures) {
    FeatureLevels& level = levels[static_cast<std::size_t>(feature)];
    level.plan = (plan & bit_of(feature)) != 0;
    level.domain = word_of(domain_set, domain_value, feature);
    level.account = word_of(account_set, account_value, feature);
  }
  return levels;
}

Task<Result<std::vector<TenantEntry>>> PostgresListings::tenants(Reach reach, PageRange range) {
  Params params(reach.tenant, range.after, range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kTenants, std::move(params)));
  std::vector<TenantEntry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i) entries.push_back(tenant_from_row(rows[i]));
  co_return entries;
}

Task<Result<TenantEntry>> PostgresListings::tenant(Reach reach, TenantId id) {
  if (reach.tenant && *reach.tenant != id) co_return Error(ErrorKind::not_found, "no such tenant");
  Params params(id);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kTenant, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such tenant");
  co_return tenant_from_row(rows[0]);
}

// The function is volatile for the licences' sake; a read lane may run it all the same.
Task<Result<std::uint64_t>> PostgresListings::mobile_sync_used(TenantId tenant) {
  Params params(tenant);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kMobileSyncUsed, std::move(params)));
  co_return rows[0].get<std::uint64_t>(0);
}

Task<Result<std::vector<PlanEntry>>> PostgresListings::plans() {
  Params none;
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kPlans, std::move(none)));
  std::vector<PlanEntry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i) entries.push_back(plan_from_row(rows[i]));
  co_return entries;
}

Task<Result<PlanEntry>> PostgresListings::plan(std::string name) {
  if (!check_label(name)) co_return Error(ErrorKind::not_found, "no such plan");
  Params params(name);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kPlan, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such plan");
  co_return plan_from_row(rows[0]);
}

Task<Result<std::vector<DomainEntry>>> PostgresListings::domains(Reach reach, DirectoryFilter filter,
                                                                 PageRange range) {
  const auto within = narrowed(reach, filter.tenant);
  if (!within) co_return std::vector<DomainEntry>();
  const std::string begins = text::to_lower(filter.begins_with);
  Params params(within->tenant, within->domain, range.after, begins, end_of(begins), range.items_max);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kDomains, std::move(params)));
  std::vector<DomainEntry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i) entries.push_back(domain_from_row(rows[i]));
  co_return entries;
}

Task<Result<DomainEntry>> PostgresListings::domain(Reach reach, std::string name) {
  const auto normal = normal_domain(name);
  if (!normal) co_return Error(ErrorKind::not_found, "no such domain");
  Params params(reach.tenant, reach.domain, *normal);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kDomain, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such domain");
  co_return domain_from_row(rows[0]);
}

}  // namespace postern::postgres
