// What administrators do with devices, and the rules that admit them.
#include "storage/postgres/device_rows.h"
#include "storage/postgres/devices.h"
#include "storage/postgres/directory_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kList{"list_devices", "SELECT " POSTERN_DEVICE_COLUMNS R"sql(
   FROM device_records WHERE account_id = $1::bigint ORDER BY device_id)sql"};

constexpr Statement kDecide{"decide_device", R"sql(
 UPDATE devices SET decided = $3::smallint WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kRequestWipe{"request_device_wipe", R"sql(
 UPDATE devices
    SET wipe = $3::smallint, wipe_asked_by = $4::text, wipe_sent_at = NULL, wiped_at = NULL,
        wipe_asked_at = CASE WHEN $3::smallint <> 0 THEN now() END
  WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kTrace{"trace_device", R"sql(
 UPDATE devices SET trace_until = now() + $3::bigint * interval '1 millisecond'
  WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kRemove{"remove_device", R"sql(
 DELETE FROM devices WHERE account_id = $1::bigint AND device_id = $2::text)sql"};
constexpr Statement kRemoveLedgers{"remove_device_ledgers", R"sql(
 DELETE FROM sync_ledgers WHERE account_id = $1::bigint AND device_id = $2::text)sql"};
constexpr Statement kRemoveFolders{"remove_device_folders", R"sql(
 DELETE FROM folder_ledgers WHERE account_id = $1::bigint AND device_id = $2::text)sql"};

constexpr Statement kRules{"list_device_rules", R"sql(
 SELECT rule.rule_id, domain.name, rule.position, rule.field, rule.pattern, rule.access
   FROM device_rules rule LEFT JOIN domains domain USING (domain_id)
  WHERE rule.tenant_id = $1::bigint
  ORDER BY rule.domain_id IS NULL, domain.name, rule.position, rule.rule_id)sql"};

constexpr Statement kAddRule{"add_device_rule", R"sql(
 INSERT INTO device_rules (tenant_id, domain_id, position, field, pattern, matches, access)
 SELECT tenant.tenant_id, domain.domain_id, $3::integer, $4::smallint, $5::text, $6::text, $7::smallint
   FROM tenants tenant
   LEFT JOIN domains domain ON domain.tenant_id = tenant.tenant_id AND domain.name = $2::text
  WHERE tenant.tenant_id = $1::bigint AND ($2::text IS NULL OR domain.domain_id IS NOT NULL)
 RETURNING rule_id)sql"};

constexpr Statement kDeleteRule{"delete_device_rule", R"sql(
 DELETE FROM device_rules WHERE tenant_id = $1::bigint AND rule_id = $2::bigint)sql"};

// What '*' means, in ILIKE's words.
std::string like_pattern(std::string_view pattern) {
  std::string like;
  for (const char c : pattern) {
    if (c == '%' || c == '_' || c == '\\') like += '\\';
    like += c == '*' ? '%' : c;
  }
  return like;
}

}  // namespace

Task<Result<void>> PostgresDevices::change_and_ring(const Statement& statement, AccountId account,
                                                    Params params) {
  CO_TRY_VOID(co_await change(statement, std::move(params)));
  doorbell_.ring_account(account);
  co_return Result<void>();
}

Task<Result<std::vector<Device>>> PostgresDevices::list(AccountId account) {
  Params params(account);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kList, std::move(params)));
  std::vector<Device> devices;
  for (std::size_t i = 0; i < rows.size(); ++i) devices.push_back(device_from_row(rows[i]));
  co_return devices;
}

Task<Result<void>> PostgresDevices::decide(DeviceKey key, std::optional<DeviceAccess> access) {
  std::optional<std::int16_t> number;
  if (access) number = static_cast<std::int16_t>(*access);
  Params params(key.account, key.id, number);
  co_return co_await change_and_ring(kDecide, key.account, std::move(params));
}

Task<Result<void>> PostgresDevices::request_wipe(DeviceKey key, DeviceWipe wipe, std::string asked_by) {
  Params params(key.account, key.id, static_cast<std::int16_t>(wipe), device_text(asked_by));
  co_return co_await change_and_ring(kRequestWipe, key.account, std::move(params));
}

Task<Result<void>> PostgresDevices::trace(DeviceKey key, Milliseconds span) {
  Params params(key.account, key.id, static_cast<std::int64_t>(span.count()));
  co_return co_await change_and_ring(kTrace, key.account, std::move(params));
}

Task<Result<void>> PostgresDevices::remove(DeviceKey key) {
  std::vector<Query> queries;
  queries.emplace_back(kRemove, Params(key.account, key.id));
  queries.emplace_back(kRemoveLedgers, Params(key.account, key.id));
  queries.emplace_back(kRemoveFolders, Params(key.account, key.id));
  CO_TRY(const std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[0].affected() == 0) co_return Error(ErrorKind::not_found, "no such device");
  doorbell_.ring_account(key.account);
  co_return Result<void>();
}

Task<Result<std::vector<DeviceRule>>> PostgresDevices::rules(TenantId tenant) {
  Params params(tenant);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kRules, std::move(params)));
  std::vector<DeviceRule> rules;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    DeviceRule& rule = rules.emplace_back();
    rule.id = rows[i].get<std::int64_t>(0);
    rule.domain = rows[i].get<std::optional<std::string>>(1);
    rule.position = rows[i].get<std::int32_t>(2);
    rule.field = rows[i].get<DeviceRuleField>(3);
    rule.pattern = rows[i].get<std::string>(4);
    rule.access = rows[i].get<DeviceAccess>(5);
  }
  co_return rules;
}

Task<Result<std::int64_t>> PostgresDevices::add_rule(TenantId tenant, DeviceRule rule) {
  const std::string pattern = device_text(rule.pattern);
  if (pattern.empty()) co_return Error(ErrorKind::invalid, "an empty pattern fits nothing");
  if (rule.domain) {
    CO_TRY(rule.domain, normal_domain(*rule.domain));
  }
  Params params(tenant, rule.domain, rule.position, static_cast<std::int16_t>(rule.field), pattern,
                like_pattern(pattern), static_cast<std::int16_t>(rule.access));
  CO_TRY(const Rows rows, co_await database_.query(Lane::write, kAddRule, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such tenant or domain");
  co_return rows[0].get<std::int64_t>(0);
}

Task<Result<void>> PostgresDevices::delete_rule(TenantId tenant, std::int64_t rule) {
  Params params(tenant, rule);
  co_return co_await change(kDeleteRule, std::move(params));
}

}  // namespace postern::postgres
