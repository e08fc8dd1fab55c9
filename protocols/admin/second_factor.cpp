// /session/second-factor, and its removal for somebody who has lost it
#include "protocols/admin/handlers.h"
#include "protocols/admin/totp.h"
#include "protocols/shared/digest.h"
#include "protocols/shared/host_name.h"

namespace postern::admin {

namespace {

// Root at the socket has no second factor to speak of.
bool is_somebody(const Principal& who) {
  return who.owner.administrator || who.owner.account;
}
Answer nobody() {
  return conflict("root", "Root signs in by the machine's socket only");
}

}  // namespace

Task<Result<Answer>> begin_second_factor(Call& call) {
  if (!is_somebody(call.who)) co_return nobody();
  const std::string secret = random_octets(kTotpSecretOctets);
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->administrators().begin_second_factor(call.who.owner, secret));
  Json body;
  body["secret"] = base32(secret);
  body["uri"] = totp_uri(secret, "Postern " + host_name(call.settings.server), call.who.name);
  co_return Answer(200, std::move(body));
}

Task<Result<Answer>> confirm_second_factor(Call& call) {
  Fields fields(call.body);
  const std::string code = fields.need_text("code");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  if (!is_somebody(call.who)) co_return nobody();
  CO_TRY(const std::optional<SecondFactor> factor,
         co_await call.store().administrators().second_factor(call.who.owner));
  if (!factor) co_return conflict("not-begun", "There is no secret yet");
  if (factor->confirmed) co_return conflict("exists", "It is on already");
  const auto step = totp_match(factor->secret, code, call.services.clock.now(), factor->last_step);
  if (!step) {
    const LoginContext context = call.login_context();
    co_await call.services.login.proof_failed(call.who.name, context);
    co_return invalid("code", "is wrong");
  }
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->administrators().take_step(call.who.owner, *step));
  co_return Answer(204);
}

Task<Result<Answer>> remove_second_factor(Call& call) {
  if (!is_somebody(call.who)) co_return Answer(204);
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->administrators().remove_second_factor(call.who.owner));
  co_return Answer(204);
}

Task<Result<Answer>> reset_second_factor(Call& call) {
  CO_TRY(const AccountEntry entry, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->administrators().remove_second_factor(Owner(entry.id)));
  co_return Answer(204);
}

}  // namespace postern::admin
