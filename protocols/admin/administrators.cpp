// /administrators. Nobody gives what he does not have: neither rights nor reach.
#include "protocols/admin/ceiling.h"
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"
#include "protocols/admin/passwords.h"

namespace postern::admin {

namespace {

// What the role wants: a reseller a tenant, a domain's administrator a domain, a provider neither.
void check_role_reach(Fields& fields, Role role, bool has_tenant, bool has_domain) {
  const bool of_domain = role == Role::domain_admin || role == Role::domain_reader;
  if (role == Role::reseller && !has_tenant) fields.wrong("tenant", "is missing");
  if (of_domain && !has_domain) fields.wrong("domain", "is missing");
  if (role == Role::provider && has_tenant) fields.wrong("tenant", "does not go with the role");
  if ((role == Role::provider || role == Role::reseller) && has_domain) {
    fields.wrong("domain", "does not go with the role");
  }
}

}  // namespace

bool within(const Reach& inner, const Reach& outer) {
  if (outer.domain) return inner.domain == outer.domain;
  return !outer.tenant || inner.tenant == outer.tenant;
}

Task<Result<Administrator>> administrator_in_reach(const Call& call) {
  return call.store().administrators().find(call.who.reach, AdministratorId(call.number(0)));
}

std::optional<Answer> above_ceiling(const Call& call, const Administrator& administrator) {
  const bool below =
      scopes_of(administrator.role).within(call.who.scopes) && within(administrator.reach, call.who.reach);
  if (below) return std::nullopt;
  return denied("It would have rights that you do not have");
}

Task<Result<Answer>> list_administrators(Call& call) {
  Query query(call.exchange.head().query);
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<Administrator> found,
         co_await call.store().administrators().list(call.who.reach, std::move(wanted)));
  co_return list_of(found, range, administrator_json, [](const Administrator& one) { return one.name; });
}

Task<Result<Answer>> create_administrator(Call& call) {
  Fields fields(call.body);
  Administrator asked;
  asked.name = fields.need_text("name");
  std::string password = fields.need_text("password");
  const auto role = role_from(fields.need_text("role"));
  const auto tenant = fields.number("tenant", 1, INT64_MAX);
  const auto domain = fields.text("domain");
  if (!role || *role == Role::root || *role == Role::user) fields.wrong("role", "there is no such role");
  const std::string fault = password_fault(password);
  if (!fault.empty()) fields.wrong("password", fault);
  asked.role = role.value_or(Role::billing);
  asked.reach = call.who.reach;
  if (tenant) asked.reach.tenant = TenantId(static_cast<std::int64_t>(*tenant));
  const bool has_domain = domain || asked.reach.domain;
  check_role_reach(fields, asked.role, asked.reach.tenant.has_value(), has_domain);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  if (domain) {
    const auto found = co_await call.store().listings().domain(call.who.reach, *domain);
    if (!found && found.error().kind == ErrorKind::not_found) co_return invalid("domain", "there is none");
    if (!found) co_return found.error();
    if (tenant && found->domain.tenant != *asked.reach.tenant)
      co_return invalid("domain", "is not the tenant's");
    asked.reach.domain = found->domain.id;
    asked.reach.tenant = found->domain.tenant;
  } else if (asked.reach.tenant) {
    const auto found = co_await call.store().listings().tenant(call.who.reach, *asked.reach.tenant);
    if (!found && found.error().kind == ErrorKind::not_found) co_return invalid("tenant", "there is none");
    if (!found) co_return found.error();
  }
  if (auto refusal = above_ceiling(call, asked)) co_return *std::move(refusal);
  Secret secret(std::move(password));
  CO_TRY(const Credentials credentials, co_await hashed(call, std::move(secret)));
  asked.password_hash = credentials.password_hash;
  const auto acting = call.acting();
  auto made = co_await acting->administrators().create(std::move(asked));
  if (!made && made.error().kind == ErrorKind::invalid) co_return invalid("name", "cannot be one");
  if (!made) co_return std::move(made).error();
  co_return Answer(201, administrator_json(*made));
}

Task<Result<Answer>> get_administrator(Call& call) {
  CO_TRY(const Administrator found, co_await administrator_in_reach(call));
  co_return Answer(200, administrator_json(found));
}

Task<Result<Answer>> change_administrator(Call& call) {
  CO_TRY(const Administrator found, co_await administrator_in_reach(call));
  Fields fields(call.body);
  const std::optional<bool> locked = fields.flag("locked");
  std::optional<std::string> password = fields.text("password");
  const std::optional<bool> second_factor = fields.flag("second_factor");
  if (second_factor == true) fields.wrong("second_factor", "only its owner can switch it on");
  const std::string fault = password ? password_fault(*password) : "";
  if (!fault.empty()) fields.wrong("password", fault);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  if (auto refusal = above_ceiling(call, found)) co_return *std::move(refusal);
  std::optional<std::string> hash;
  if (password) {
    Secret secret(*std::move(password));
    CO_TRY(const Credentials credentials, co_await hashed(call, std::move(secret)));
    hash = credentials.password_hash;
  }
  const auto acting = call.acting();
  if (second_factor == false) {
    CO_TRY_VOID(co_await acting->administrators().remove_second_factor(Owner(found.id)));
  }
  if (locked || hash)
    CO_TRY_VOID(co_await acting->administrators().change(found.id, locked, std::move(hash)));
  co_return co_await get_administrator(call);
}

Task<Result<Answer>> delete_administrator(Call& call) {
  CO_TRY(const Administrator found, co_await administrator_in_reach(call));
  if (auto refusal = above_ceiling(call, found)) co_return *std::move(refusal);
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->administrators().remove(found.id));
  co_return Answer(204);
}

}  // namespace postern::admin
