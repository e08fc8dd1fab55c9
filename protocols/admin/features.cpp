// /domains/{domain}/features and /accounts/{account}/features. The bell rings with the change: doors on every
// node hear it.
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"

namespace postern::admin {

Task<Result<Answer>> get_domain_features(Call& call) {
  CO_TRY(const DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  co_return Answer(200, features_json(entry.features, Levels::of_domain));
}

Task<Result<Answer>> change_domain_features(Call& call) {
  CO_TRY(const DomainEntry entry, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  Query query(call.exchange.head().query);
  const std::vector<std::string> words{"keep", "clear"};
  const bool clear = query.word("overrides", words) == "clear";
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  Fields fields(call.body);
  FeatureEdits edits = fields.features();
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting();
  if (!edits.empty())
    CO_TRY_VOID(co_await acting->directory().set_domain_features(entry.domain.name, std::move(edits), clear));
  co_return co_await get_domain_features(call);
}

Task<Result<Answer>> get_account_features(Call& call) {
  CO_TRY(const AccountEntry entry, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  co_return Answer(200, features_json(entry.features, Levels::of_account));
}

Task<Result<Answer>> change_account_features(Call& call) {
  CO_TRY(const AccountEntry entry, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  if (entry.status == AccountStatus::deleted) co_return not_found();
  Fields fields(call.body);
  FeatureEdits edits = fields.features();
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting();
  if (!edits.empty())
    CO_TRY_VOID(co_await acting->directory().set_account_features(entry.id, std::move(edits)));
  co_return co_await get_account_features(call);
}

}  // namespace postern::admin
