// /domains/{domain}/device-rules: which phones may come without being asked. The rules for all domains of the
// tenant are shown, too, and are made and deleted by those whose reach is not one domain.
#include <algorithm>
#include <array>

#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

// By DeviceRuleField.
constexpr std::array<const char*, 5> kFields = {"type", "agent", "version", "model", "os"};
constexpr std::int64_t kPositionMax = 1'000'000;

Json rule_json(const DeviceRule& rule) {
  Json json;
  json["id"] = rule.id;
  json["everywhere"] = !rule.domain.has_value();
  json["position"] = rule.position;
  json["field"] = kFields[static_cast<std::size_t>(rule.field)];
  json["pattern"] = rule.pattern;
  json["access"] = name_of(rule.access);
  return json;
}

// In the order in which a device of the domain meets them.
Task<Result<std::vector<DeviceRule>>> rules_of(const Call& call, DomainEntry entry) {
  CO_TRY(std::vector<DeviceRule> rules, co_await call.store().devices().rules(entry.domain.tenant));
  std::erase_if(rules,
                [&](const DeviceRule& rule) { return rule.domain && *rule.domain != entry.domain.name; });
  co_return rules;
}

bool reaches_tenant(const Call& call) {
  return !call.who.reach.domain.has_value();
}

DeviceRule read_rule(Fields& fields) {
  DeviceRule rule;
  const std::string field = fields.text("field").value_or(kFields.front());
  const auto known = std::find(kFields.begin(), kFields.end(), field);
  if (known == kFields.end()) {
    fields.wrong("field", "type, agent, version, model or os is wanted");
  } else {
    rule.field = static_cast<DeviceRuleField>(known - kFields.begin());
  }
  rule.pattern = fields.need_text("pattern");
  if (rule.pattern.empty()) fields.wrong("pattern", "is empty; * stands for anything");
  const auto access = device_access_from(fields.need_text("access"));
  if (!access) fields.wrong("access", "allowed, blocked or quarantined is wanted");
  rule.access = access.value_or(rule.access);
  rule.position = static_cast<std::int32_t>(fields.signed_number("position", kPositionMax).value_or(0));
  return rule;
}

}  // namespace

Task<Result<Answer>> list_device_rules(Call& call) {
  CO_TRY(DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  CO_TRY(const std::vector<DeviceRule> rules, co_await rules_of(call, std::move(entry)));
  co_return whole_list_of(rules, rule_json);
}

Task<Result<Answer>> add_device_rule(Call& call) {
  CO_TRY(const DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  Fields fields(call.body);
  DeviceRule rule = read_rule(fields);
  const bool everywhere = fields.flag("everywhere").value_or(false);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  if (everywhere && !reaches_tenant(call)) co_return denied("Your reach is one domain");
  if (!everywhere) rule.domain = entry.domain.name;
  const auto acting = call.acting();
  CO_TRY(rule.id, co_await acting->devices().add_rule(entry.domain.tenant, rule));
  co_return Answer(201, rule_json(rule));
}

Task<Result<Answer>> delete_device_rule(Call& call) {
  CO_TRY(DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  const TenantId tenant = entry.domain.tenant;
  CO_TRY(const std::vector<DeviceRule> rules, co_await rules_of(call, std::move(entry)));
  const std::int64_t number = call.number(1);
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const DeviceRule& rule) { return rule.id == number; });
  if (found == rules.end()) co_return not_found();
  if (!found->domain && !reaches_tenant(call)) co_return denied("It is for all domains of the tenant");
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->devices().delete_rule(tenant, number));
  co_return Answer(204);
}

}  // namespace postern::admin
