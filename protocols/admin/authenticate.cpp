#include "protocols/admin/authenticate.h"

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"

namespace postern::admin {

namespace {

constexpr std::size_t kProofOctetsMax = 200;

std::optional<std::string_view> bearer_token(const http::RequestHead& head) {
  const auto field = head.fields.find("Authorization");
  constexpr std::string_view kScheme = "Bearer ";
  if (!field || !text::starts_with_same(*field, kScheme)) return std::nullopt;
  return text::trim(field->substr(kScheme.size()));
}

std::optional<std::string_view> cookie(const http::RequestHead& head, std::string_view name) {
  const auto field = head.fields.find("Cookie");
  if (!field) return std::nullopt;
  for (std::string_view pair : text::split(*field, ';')) {
    pair = text::trim(pair);
    const std::size_t sign = pair.find('=');
    if (sign != std::string_view::npos && pair.substr(0, sign) == name) return pair.substr(sign + 1);
  }
  return std::nullopt;
}

// Of the store: not_found is nobody, everything else means that nobody can be known now.
Answer answer_to_failed_search(const Error& error) {
  return error.kind == ErrorKind::not_found ? sign_in_first() : answer_to(error);
}

Task<std::optional<Answer>> by_token(Call& call, std::string token) {
  const LoginContext context = call.login_context();
  if (!call.services.login.may_try("token", context)) co_return sign_in_first();
  auto holder = co_await call.store().administrators().find_token(sha256(token));
  if (!holder && holder.error().kind == ErrorKind::not_found) {
    co_await call.services.login.proof_failed("token", context);
  }
  if (!holder) co_return answer_to_failed_search(holder.error());
  call.who = principal_of(holder->administrator);
  call.who.scopes = call.who.scopes.only(holder->scopes);
  call.who.via = "token";
  co_return std::nullopt;
}

Task<Result<Principal>> owner_of_session(Call& call, std::string hash) {
  const AdminSettings& settings = call.settings.admin;
  const Milliseconds idle = std::chrono::seconds(settings.session_idle_s);
  const Milliseconds life = std::chrono::seconds(settings.session_life_s);
  CO_TRY(const Owner owner, co_await call.store().administrators().use_session(std::move(hash), idle, life));
  if (owner.administrator) {
    CO_TRY(const Administrator found,
           co_await call.store().administrators().find(Reach(), *owner.administrator));
    co_return principal_of(found);
  }
  CO_TRY(const AccountRecord account, co_await call.store().directory().account(*owner.account));
  if (!account.allows(Feature::self_service)) co_return Error(ErrorKind::not_found, "no self-service");
  Principal user = principal_of(account);
  CO_TRY(const auto factor, co_await call.store().administrators().second_factor(owner));
  user.second_factor = factor && factor->confirmed;
  co_return user;
}

Task<std::optional<Answer>> by_session(Call& call, std::string proof, bool writes) {
  const std::string hash = session_hash(proof);
  auto owner = co_await owner_of_session(call, hash);
  if (!owner) co_return answer_to_failed_search(owner.error());
  call.who = *std::move(owner);
  call.who.via = "page";
  call.who.session = hash;
  call.who.csrf_token = csrf_token_of(proof);
  const auto token = call.exchange.head().fields.find("X-CSRF-Token");
  const bool meant = token && text::equal_secrets(*token, call.who.csrf_token);
  if (writes && (!meant || !same_origin(call.exchange.head()))) {
    co_return problem(403, "csrf", "The page's token is missing", "Send csrf_token as X-CSRF-Token");
  }
  co_return std::nullopt;
}

}  // namespace

Answer sign_in_first() {
  Answer answer = problem(401, "sign-in", "Sign in first");
  answer.fields.push_back({"WWW-Authenticate", "Bearer"});
  return answer;
}

std::string session_hash(std::string_view proof) {
  return sha256(proof);
}
std::string csrf_token_of(std::string_view proof) {
  return text::hex(hmac_sha256(proof, "csrf"));
}

bool same_origin(const http::RequestHead& head) {
  const auto origin = head.fields.find("Origin");
  if (!origin) return true;  // no browser, or an old one: the token counts
  const auto host = head.fields.find("Host");
  const std::size_t scheme = origin->find("://");
  return host && scheme != std::string_view::npos && text::same(origin->substr(scheme + 3), *host);
}

Principal principal_of(const Administrator& administrator) {
  Principal principal;
  principal.name = administrator.name;
  principal.role = administrator.role;
  principal.scopes = scopes_of(administrator.role);
  principal.reach = administrator.reach;
  principal.domain = administrator.domain;
  principal.owner = Owner(administrator.id);
  principal.second_factor = administrator.second_factor;
  return principal;
}

Principal principal_of(const AccountRecord& account) {
  Principal principal;
  principal.name = account.address;
  principal.role = Role::user;
  principal.scopes = scopes_of(Role::user);
  principal.reach.domain = account.domain;
  principal.domain = account.address.substr(account.address.find('@') + 1);
  principal.owner = Owner(account.id);
  return principal;
}

Task<std::optional<Answer>> authenticate(Call& call, Trust trust, bool writes) {
  const http::RequestHead& head = call.exchange.head();
  std::optional<Answer> refusal;
  if (trust == Trust::socket) {
    call.who.name = "root";
    call.who.role = Role::root;
    call.who.scopes = scopes_of(Role::root);
    call.who.via = "socket";
    co_return refusal;
  }
  const auto token = bearer_token(head);
  const auto page = cookie(head, kSessionCookie);
  const std::string proof(token ? *token : page.value_or(""));
  if (proof.empty() || proof.size() > kProofOctetsMax) co_return sign_in_first();
  if (!call.services.login.plaintext_allowed(call.login_context())) {
    co_return problem(403, "insecure", "Secrets are taken over HTTPS only");
  }
  if (token) {
    refusal = co_await by_token(call, proof);
  } else {
    refusal = co_await by_session(call, proof, writes);
  }
  call.who.from = call.exchange.client().peer.host;
  if (!refusal) call.exchange.authenticated();
  co_return refusal;
}

}  // namespace postern::admin
