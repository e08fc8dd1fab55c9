// /administrators/{id}/tokens
#include "protocols/admin/ceiling.h"
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"
#include "protocols/admin/passwords.h"
#include "protocols/shared/digest.h"

namespace postern::admin {

namespace {

constexpr std::uint64_t kDaysMax = 3650;

Scopes scopes_from(Fields& fields, Scopes otherwise) {
  const auto names = fields.texts("scopes", kScopeCount);
  if (!names || names->empty()) return otherwise;
  Scopes scopes;
  for (const std::string& name : *names) {
    const auto scope = scope_from(name);
    if (scope) {
      scopes.add(*scope);
    } else {
      fields.wrong("scopes", "one of them is none");
    }
  }
  return scopes;
}

}  // namespace

Task<Result<Answer>> list_tokens(Call& call) {
  CO_TRY(const Administrator owner, co_await administrator_in_reach(call));
  CO_TRY(const std::vector<Token> tokens, co_await call.store().administrators().tokens(owner.id));
  co_return whole_list_of(tokens, token_json);
}

Task<Result<Answer>> create_token(Call& call) {
  CO_TRY(const Administrator owner, co_await administrator_in_reach(call));
  Fields fields(call.body);
  Token asked;
  asked.name = fields.need_text("name");
  if (asked.name.empty()) fields.wrong("name", "is empty");
  const std::uint64_t days = fields.need_number("expires_in_days", 1, kDaysMax);
  asked.scopes = scopes_from(fields, scopes_of(owner.role));
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  if (!asked.scopes.within(scopes_of(owner.role)))
    co_return invalid("scopes", "the administrator has not all of them");
  if (auto refusal = above_ceiling(call, owner)) co_return *std::move(refusal);
  asked.expires_at = call.services.clock.now() + std::chrono::hours(24) * days;
  const std::string proof = new_proof();
  const auto acting = call.acting();
  CO_TRY(const Token made,
         co_await acting->administrators().create_token(owner.id, sha256(proof), std::move(asked)));
  Answer answer(201, token_json(made));
  answer.body["token"] = proof;
  co_return answer;
}

Task<Result<Answer>> delete_token(Call& call) {
  CO_TRY(const Administrator owner, co_await administrator_in_reach(call));
  if (auto refusal = above_ceiling(call, owner)) co_return *std::move(refusal);
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->administrators().remove_token(owner.id, TokenId(call.number(1))));
  co_return Answer(204);
}

}  // namespace postern::admin
