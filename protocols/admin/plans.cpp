// /plans
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

constexpr std::uint64_t kRecoveryDaysMax = 90;

Task<Result<Answer>> answer_with(const Call& call, std::string name) {
  CO_TRY(const PlanEntry entry, co_await call.store().listings().plan(std::move(name)));
  Answer answer(200, plan_json(entry));
  answer.etag = entry.version;
  co_return answer;
}

}  // namespace

Task<Result<Answer>> list_plans(Call& call) {
  Query query(call.exchange.head().query);
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  CO_TRY(const std::vector<PlanEntry> entries, co_await call.store().listings().plans());
  co_return whole_list_of(entries, plan_json);
}

Task<Result<Answer>> get_plan(Call& call) {
  co_return co_await answer_with(call, call.arg(0));
}

Task<Result<Answer>> put_plan(Call& call) {
  Fields fields(call.body);
  Plan plan;
  plan.name = call.arg(0);
  plan.quota_octets = fields.limit("quota_octets", 1).value_or(std::nullopt);
  plan.recovery_days =
      static_cast<std::uint32_t>(fields.number("recovery_days", 0, kRecoveryDaysMax).value_or(14));
  const Json* features = fields.object("features");
  if (features == nullptr) fields.wrong("features", "is missing");
  const Json none = Json::object();
  Fields flags(features == nullptr ? none : *features);
  for (const Feature feature : kFeatures) {
    const std::string name(name_of(feature));
    plan.features[static_cast<std::size_t>(feature)] = flags.flag(name.c_str()).value_or(false);
  }
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  if (auto refusal = flags.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting(RowVersion::Of::plan, plan.name);
  CO_TRY_VOID(co_await acting->directory().put_plan(std::move(plan)));
  co_return co_await answer_with(call, call.arg(0));
}

Task<Result<Answer>> delete_plan(Call& call) {
  CO_TRY_VOID(co_await call.store().listings().plan(call.arg(0)));
  const auto acting = call.acting(RowVersion::Of::plan, call.arg(0));
  CO_TRY_VOID(co_await acting->directory().delete_plan(call.arg(0)));
  co_return Answer(204);
}

}  // namespace postern::admin
