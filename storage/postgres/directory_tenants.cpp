// Tenants.
#include "storage/postgres/directory.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kCreateTenant{"create_tenant", R"sql(
 INSERT INTO tenants (name, mobile_sync_max) VALUES ($1::text, $2::bigint) RETURNING tenant_id)sql"};

constexpr Statement kFindTenant{"find_tenant", R"sql(
 SELECT tenant_id FROM tenants WHERE name = $1::text)sql"};

constexpr Statement kChangeTenant{"change_tenant", R"sql(
 UPDATE tenants SET name = coalesce($2::text, name),
                    mobile_sync_max = CASE WHEN $3::boolean THEN $4::bigint ELSE mobile_sync_max END
  WHERE tenant_id = $1::bigint)sql"};

constexpr Statement kDeleteRulesOfTenant{"delete_device_rules_of_tenant", R"sql(
 DELETE FROM device_rules WHERE tenant_id = $1::bigint)sql"};

constexpr Statement kDeleteTenant{"delete_tenant", R"sql(
 DELETE FROM tenants WHERE tenant_id = $1::bigint)sql"};

}  // namespace

Task<Result<Tenant>> PostgresDirectory::create_tenant(std::string name) {
  return create_tenant(std::move(name), std::nullopt);
}

Task<Result<Tenant>> PostgresDirectory::create_tenant(std::string name,
                                                      std::optional<std::uint64_t> mobile_sync_max) {
  CO_TRY_VOID(check_label(name));
  Params params(name, mobile_sync_max);
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

Task<Result<void>> PostgresDirectory::change_tenant(
    TenantId id, std::optional<std::string> name,
    std::optional<std::optional<std::uint64_t>> mobile_sync_max) {
  if (name) CO_TRY_VOID(check_label(*name));
  Params params(id, name, mobile_sync_max.has_value());
  params.add(mobile_sync_max.value_or(std::nullopt));
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kChangeTenant, std::move(params)));
  if (rows.affected() == 0) co_return Error(ErrorKind::not_found, "no such tenant");
  co_return Result<void>();
}

Task<Result<void>> PostgresDirectory::delete_tenant(TenantId id) {
  std::vector<Query> queries;
  queries.emplace_back(kDeleteRulesOfTenant, Params(id));
  queries.emplace_back(kDeleteTenant, Params(id));
  auto results = co_await database_.batch(Lane::write, std::move(queries));
  if (!results && results.error().detail == "domains_tenant_id_fkey") {
    co_return Error(ErrorKind::denied, "the tenant still has domains");
  }
  if (!results) co_return std::move(results).error();
  if ((*results)[1].affected() == 0) co_return Error(ErrorKind::not_found, "no such tenant");
  co_return Result<void>();
}

}  // namespace postern::postgres
