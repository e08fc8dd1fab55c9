// /tenants
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

Task<Result<Answer>> answer_with(const Call& call, TenantId id, int status) {
  CO_TRY(const TenantEntry entry, co_await call.store().listings().tenant(call.who.reach, id));
  Answer answer(status, tenant_json(entry));
  answer.etag = entry.version;
  co_return answer;
}

}  // namespace

Task<Result<Answer>> list_tenants(Call& call) {
  Query query(call.exchange.head().query);
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<TenantEntry> entries,
         co_await call.store().listings().tenants(call.who.reach, std::move(wanted)));
  co_return list_of(entries, range, tenant_json, [](const TenantEntry& entry) { return entry.tenant.name; });
}

Task<Result<Answer>> create_tenant(Call& call) {
  Fields fields(call.body);
  std::string name = fields.need_text("name");
  const auto mobile_sync_max = fields.limit("mobile_sync_max", 0);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting();
  CO_TRY(const Tenant tenant,
         co_await acting->directory().create_tenant(std::move(name), mobile_sync_max.value_or(std::nullopt)));
  co_return co_await answer_with(call, tenant.id, 201);
}

Task<Result<Answer>> get_tenant(Call& call) {
  co_return co_await answer_with(call, TenantId(call.number(0)), 200);
}

Task<Result<Answer>> change_tenant(Call& call) {
  Fields fields(call.body);
  std::optional<std::string> name = fields.text("name");
  const auto mobile_sync_max = fields.limit("mobile_sync_max", 0);
  const TenantId id{call.number(0)};
  CO_TRY_VOID(co_await call.store().listings().tenant(call.who.reach, id));
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting(RowVersion::Of::tenant, std::to_string(raw(id)));
  CO_TRY_VOID(co_await acting->directory().change_tenant(id, std::move(name), mobile_sync_max));
  co_return co_await answer_with(call, id, 200);
}

Task<Result<Answer>> delete_tenant(Call& call) {
  const TenantId id{call.number(0)};
  CO_TRY_VOID(co_await call.store().listings().tenant(call.who.reach, id));
  const auto acting = call.acting(RowVersion::Of::tenant, std::to_string(raw(id)));
  CO_TRY_VOID(co_await acting->directory().delete_tenant(id));
  co_return Answer(204);
}

Task<Result<Answer>> get_licences(Call& call) {
  const TenantId id{call.number(0)};
  // The figures are of the whole tenant: a domain's administrator sees no other domain's.
  if (call.who.reach.domain) co_return not_found();
  CO_TRY(const TenantEntry entry, co_await call.store().listings().tenant(call.who.reach, id));
  CO_TRY(const std::uint64_t used, co_await call.store().listings().mobile_sync_used(id));
  Json body;
  body["mobile_sync"]["used"] = used;
  body["mobile_sync"]["max"] = or_null(entry.mobile_sync_max);
  co_return Answer(200, std::move(body));
}

}  // namespace postern::admin
