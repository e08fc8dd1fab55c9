// /session: signing in and out of the page. A name with an @ is an account's. Each sign-in has a new proof,
// so none can be fixed beforehand.
#include "protocols/admin/authenticate.h"
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"
#include "protocols/admin/passwords.h"
#include "protocols/admin/totp.h"

namespace postern::admin {

namespace {

Json session_json(const Principal& who) {
  Json json;
  json["name"] = who.name;
  json["role"] = name_of(who.role);
  json["scopes"] = who.scopes.names();
  json["tenant"] = or_null(who.reach.tenant);
  json["domain"] = or_null(who.domain);
  json["second_factor"] = who.second_factor;
  json["csrf_token"] = who.csrf_token.empty() ? Json() : Json(who.csrf_token);
  return json;
}

http::Field cookie_field(const std::string& proof, std::uint32_t life_s) {
  return {"Set-Cookie", std::string(kSessionCookie) + '=' + proof + "; Path=/; Max-Age=" +
                            std::to_string(life_s) + "; Secure; HttpOnly; SameSite=Strict"};
}

Answer wrong() {
  return problem(401, "credentials", "The name or the password is wrong");
}

Answer answer_to(LoginRefusal why) {
  switch (why) {
    case LoginRefusal::credentials: return wrong();
    case LoginRefusal::privacy_required:
      return problem(403, "insecure", "Passwords are taken over HTTPS only");
    case LoginRefusal::feature_off: return denied("Self-service is not switched on for this account");
    case LoginRefusal::throttled: return wrong();  // who tries passwords is not told that he should wait
    case LoginRefusal::unavailable: break;
  }
  return problem(503, "unavailable", "Not now; try again");
}

// The first of two: who it is, by the password.
struct Known {
  Known() = default;
  std::optional<Principal> who;
  Answer refusal;
};

Task<Result<Known>> by_password(Call& call, std::string name, Secret password) {
  Known known;
  LoginContext context = call.login_context();
  if (name.find('@') != std::string::npos) {
    LoginOutcome outcome =
        co_await call.services.login.with_password(std::move(name), std::move(password), std::move(context));
    if (outcome.account) known.who = principal_of(*outcome.account);
    if (!outcome.account) known.refusal = answer_to(outcome.refusal);
    co_return known;
  }
  auto found = co_await call.store().administrators().find_name(name);
  if (!found && found.error().kind != ErrorKind::not_found) co_return std::move(found).error();
  std::optional<std::string> hash;
  if (found && !found->locked) hash = found->password_hash;
  const auto refused = co_await call.services.login.with_hash(std::move(name), std::move(password),
                                                              std::move(hash), std::move(context));
  if (refused) {
    known.refusal = answer_to(*refused);
  } else {
    known.who = principal_of(*found);
  }
  co_return known;
}

// The second, if the owner has one. nullopt: as it should be.
Task<Result<std::optional<Answer>>> by_code(Call& call, Principal& who, std::optional<std::string> code) {
  CO_TRY(const std::optional<SecondFactor> factor,
         co_await call.store().administrators().second_factor(who.owner));
  std::optional<Answer> refusal;
  who.second_factor = factor && factor->confirmed;
  if (!who.second_factor) co_return refusal;
  if (!code) {
    refusal = problem(401, "second-factor", "A code of the second factor is wanted");
    co_return refusal;
  }
  const LoginContext context = call.login_context();
  const auto step = totp_match(factor->secret, *code, call.services.clock.now(), factor->last_step);
  bool taken = false;
  if (step && call.services.login.may_try(who.name, context)) {
    const auto kept = co_await call.store().administrators().take_step(who.owner, *step);
    if (!kept && kept.error().kind != ErrorKind::stale) co_return kept.error();
    taken = kept.has_value();
  }
  if (!taken) {
    co_await call.services.login.proof_failed(who.name, context);
    refusal = problem(401, "second-factor", "The code is wrong, or was used before");
  }
  co_return refusal;
}

}  // namespace

Task<Result<Answer>> sign_in(Call& call) {
  Fields fields(call.body);
  std::string name = fields.need_text("name");
  Secret password(fields.need_text("password"));
  std::optional<std::string> code = fields.text("code");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  if (!same_origin(call.exchange.head())) co_return denied("Another site's page asks");
  CO_TRY(Known known, co_await by_password(call, std::move(name), std::move(password)));
  if (!known.who) co_return std::move(known.refusal);
  Principal who = *std::move(known.who);
  CO_TRY(std::optional<Answer> refusal, co_await by_code(call, who, std::move(code)));
  if (refusal) co_return *std::move(refusal);
  who.via = "page";
  who.from = call.exchange.client().peer.host;
  const std::string proof = new_proof();
  const auto acting = call.store().acting(who.act(), std::nullopt);
  CO_TRY_VOID(co_await acting->administrators().begin_session(session_hash(proof), who.owner));
  call.exchange.authenticated();
  who.csrf_token = csrf_token_of(proof);
  Answer answer(201, session_json(who));
  answer.fields.push_back(cookie_field(proof, call.settings.admin.session_life_s));
  co_return answer;
}

Task<Result<Answer>> get_session(Call& call) {
  co_return Answer(200, session_json(call.who));
}

Task<Result<Answer>> sign_out(Call& call) {
  if (!call.who.session.empty()) {
    CO_TRY_VOID(co_await call.store().administrators().end_session(call.who.session));
  }
  Answer answer(204);
  answer.fields.push_back(cookie_field("", 0));
  co_return answer;
}

}  // namespace postern::admin
