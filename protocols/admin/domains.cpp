// /domains
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

Task<Result<Answer>> answer_with(const Call& call, std::string name, int status) {
  CO_TRY(const DomainEntry entry, co_await call.store().listings().domain(call.who.reach, std::move(name)));
  Answer answer(status, domain_json(entry));
  answer.etag = entry.version;
  co_return answer;
}

Task<Result<std::string>> name_within_reach(const Call& call) {
  CO_TRY(const DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  co_return entry.domain.name;
}

}  // namespace

Task<Result<Answer>> list_domains(Call& call) {
  Query query(call.exchange.head().query);
  DirectoryFilter filter;
  filter.tenant = query.tenant();
  filter.begins_with = query.text("q").value_or("");
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<DomainEntry> entries,
         co_await call.store().listings().domains(call.who.reach, std::move(filter), std::move(wanted)));
  co_return list_of(entries, range, domain_json, [](const DomainEntry& entry) { return entry.domain.name; });
}

Task<Result<Answer>> create_domain(Call& call) {
  Fields fields(call.body);
  std::string name = fields.need_text("name");
  std::string plan = fields.need_text("plan");
  const auto tenant_number = fields.number("tenant", 1, INT64_MAX);
  if (!tenant_number && !call.who.reach.tenant) fields.wrong("tenant", "is missing");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const TenantId tenant =
      tenant_number ? TenantId(static_cast<std::int64_t>(*tenant_number)) : *call.who.reach.tenant;
  const auto owner = co_await call.store().listings().tenant(call.who.reach, tenant);
  if (!owner && owner.error().kind == ErrorKind::not_found) co_return invalid("tenant", "there is none");
  if (!owner) co_return owner.error();
  const auto found = co_await call.store().listings().plan(plan);
  if (!found && found.error().kind == ErrorKind::not_found) co_return invalid("plan", "there is none");
  if (!found) co_return found.error();
  const auto acting = call.acting();
  auto created = co_await acting->directory().create_domain(tenant, std::move(name), std::move(plan));
  if (!created && created.error().kind == ErrorKind::invalid) co_return invalid("name", "is no domain's");
  if (!created) co_return std::move(created).error();
  co_return co_await answer_with(call, created->name, 201);
}

Task<Result<Answer>> get_domain(Call& call) {
  co_return co_await answer_with(call, call.arg(0), 200);
}

Task<Result<Answer>> change_domain(Call& call) {
  CO_TRY(const std::string name, co_await name_within_reach(call));
  Fields fields(call.body);
  std::optional<std::string> plan = fields.text("plan");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  if (plan) {
    const auto acting = call.acting(RowVersion::Of::domain, name);
    const auto changed = co_await acting->directory().set_domain_plan(name, *std::move(plan));
    if (!changed && changed.error().kind == ErrorKind::not_found) co_return invalid("plan", "there is none");
    if (!changed) co_return changed.error();
  }
  co_return co_await answer_with(call, name, 200);
}

Task<Result<Answer>> delete_domain(Call& call) {
  CO_TRY(const std::string name, co_await name_within_reach(call));
  const auto acting = call.acting(RowVersion::Of::domain, name);
  CO_TRY_VOID(co_await acting->directory().delete_domain(name));
  co_return Answer(204);
}

Task<Result<Answer>> set_catch_all(Call& call) {
  CO_TRY(const std::string name, co_await name_within_reach(call));
  Fields fields(call.body);
  std::optional<std::string> address = fields.need_text("address");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting();
  const auto changed = co_await acting->directory().set_catch_all(name, std::move(address));
  if (!changed && changed.error().kind == ErrorKind::invalid) co_return invalid("address", "is none");
  if (!changed) co_return changed.error();
  co_return co_await answer_with(call, name, 200);
}

Task<Result<Answer>> delete_catch_all(Call& call) {
  CO_TRY(const std::string name, co_await name_within_reach(call));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->directory().set_catch_all(name, std::nullopt));
  co_return Answer(204);
}

}  // namespace postern::admin
