// /domains/{domain}/retention and /plans/{plan}/retention: after how many days mail leaves Trash and Junk.
#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

Json days_json(const std::optional<std::uint32_t>& days) {
  return days ? Json(*days) : Json();
}

Answer answer_with(const RetentionRules& rules) {
  Json body;
  body["trash_days"] = days_json(rules.trash_days);
  body["junk_days"] = days_json(rules.junk_days);
  return Answer(200, std::move(body));
}

void read_days(Fields& fields, const char* name, std::optional<std::uint32_t>& days) {
  const auto given = fields.limit(name, 0);
  if (!given) return;
  if (given->value_or(0) > kRetentionDaysMax) {
    fields.wrong(name, "at most " + std::to_string(kRetentionDaysMax) + " days are wanted");
    return;
  }
  days.reset();
  if (*given) days = static_cast<std::uint32_t>(**given);
}

// What is not named stays as it is.
std::optional<Answer> read_rules(const Json& body, RetentionRules& rules) {
  Fields fields(body);
  read_days(fields, "trash_days", rules.trash_days);
  read_days(fields, "junk_days", rules.junk_days);
  return fields.refusal();
}

}  // namespace

Task<Result<Answer>> get_domain_retention(Call& call) {
  CO_TRY(const DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  CO_TRY(const RetentionRules rules, co_await call.store().retention().of_domain(entry.domain.name));
  co_return answer_with(rules);
}

Task<Result<Answer>> change_domain_retention(Call& call) {
  CO_TRY(const DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  CO_TRY(RetentionRules rules, co_await call.store().retention().of_domain(entry.domain.name));
  if (auto refusal = read_rules(call.body, rules)) co_return *std::move(refusal);
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->retention().set_domain(entry.domain.name, rules));
  co_return answer_with(rules);
}

Task<Result<Answer>> get_plan_retention(Call& call) {
  CO_TRY(const RetentionRules rules, co_await call.store().retention().of_plan(call.arg(0)));
  co_return answer_with(rules);
}

Task<Result<Answer>> change_plan_retention(Call& call) {
  CO_TRY(RetentionRules rules, co_await call.store().retention().of_plan(call.arg(0)));
  if (auto refusal = read_rules(call.body, rules)) co_return *std::move(refusal);
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->retention().set_plan(call.arg(0), rules));
  co_return answer_with(rules);
}

}  // namespace postern::admin
