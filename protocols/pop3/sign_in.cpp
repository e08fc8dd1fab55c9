// AUTHORIZATION state: USER and PASS, AUTH (RFC 5034), STLS (RFC 2595), CAPA (RFC 2449). Answers carry
// RFC 2449's and RFC 3206's response codes, so that a client never takes an outage for a wrong password.
#include "gateway/base/text.h"
#include "protocols/pop3/session.h"

namespace postern::pop3 {

namespace {

std::string_view answer_to(LoginRefusal refusal) {
  switch (refusal) {
    case LoginRefusal::credentials: return "-ERR [AUTH] Wrong name or password";
    case LoginRefusal::feature_off: return "-ERR [SYS/PERM] POP3 is not switched on for this account";
    case LoginRefusal::privacy_required: return "-ERR [AUTH] Use STLS before sending a password";
    case LoginRefusal::throttled: return "-ERR [SYS/TEMP] Too many failed sign-ins, wait a minute";
    case LoginRefusal::unavailable: return "-ERR [SYS/TEMP] Cannot check the password now";
  }
  return "-ERR [SYS/TEMP] Cannot check the password now";
}

}  // namespace

LoginContext Session::login_context() const {
  LoginContext context;
  context.session = connection_.id;
  context.door = Feature::pop3;
  context.peer = io_.stream().peer();
  context.encrypted = io_.stream().tls() != nullptr;
  return context;
}

Task<Result<void>> Session::handle(User command) {
  if (!services_.login.plaintext_allowed(login_context())) {
    put(answer_to(LoginRefusal::privacy_required));
    co_return Result<void>();
  }
  user_ = std::move(command.name);
  put("+OK");  // the same for names that do not exist
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Pass command) {
  if (!user_) co_return Error(ErrorKind::invalid, "USER comes first");
  std::string user = *std::exchange(user_, std::nullopt);
  LoginOutcome outcome =
      co_await services_.login.with_password(std::move(user), std::move(command.password), login_context());
  co_return co_await signed_in(std::move(outcome));
}

Task<Result<void>> Session::signed_in(LoginOutcome outcome) {
  if (!outcome.account) {
    put(answer_to(outcome.refusal));
    if (outcome.refusal == LoginRefusal::credentials && ++bad_commands_ >= 3) {
      co_return Error(ErrorKind::closed, "too many failed sign-ins");
    }
    co_return Result<void>();
  }
  CO_TRY(Maildrop maildrop, co_await Maildrop::open(services_.store, outcome.account->id));
  maildrop_.emplace(std::move(maildrop));
  bad_commands_ = 0;
  auto revoke = [this] { reader_.stop(); };
  watch_ = std::make_unique<AccountWatch>(services_, outcome.account->id, Feature::pop3, std::move(revoke));
  if (connection_.authenticated) connection_.authenticated();
  put("+OK " + std::to_string(maildrop_->count()) + " messages");
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Auth command) {
  const TlsInfo* tls = io_.stream().tls();
  if (command.mechanism.empty()) {
    put("+OK Mechanisms");
    for (std::string_view name : sasl_mechanisms(services_.login, login_context(), tls)) put(name);
    put(".");
    co_return Result<void>();
  }
  if (sends_password(command.mechanism) && !services_.login.plaintext_allowed(login_context())) {
    put(answer_to(LoginRefusal::privacy_required));
    co_return Result<void>();
  }
  auto exchange = start_sasl(command.mechanism, services_.login, login_context(), tls);
  if (!exchange) co_return Error(ErrorKind::invalid, "No such mechanism here");

  std::optional<std::string> response;
  if (command.initial_response) {
    const bool is_empty = *command.initial_response == "=";
    if (is_empty) response = std::string();
    if (!is_empty) response = text::unbase64(*command.initial_response);
    if (!response) co_return Error(ErrorKind::invalid, "Not base64");
  }
  while (true) {
    SaslStep step = co_await exchange->step(std::move(response));
    if (std::holds_alternative<SaslMalformed>(step))
      co_return Error(ErrorKind::invalid, "Malformed response");
    if (auto* end = std::get_if<SaslEnd>(&step)) {
      if (!end->final_message.empty()) {
        CO_TRY(auto acknowledged, co_await ask(end->final_message));
        if (!acknowledged) co_return Error(ErrorKind::invalid, "Authentication cancelled");
      }
      co_return co_await signed_in(std::move(end->outcome));
    }
    CO_TRY(response, co_await ask(std::get<SaslChallenge>(step).octets));
    if (!response) co_return Error(ErrorKind::invalid, "Authentication cancelled");
  }
}

// "*" cancels (RFC 5034 §4).
Task<Result<std::optional<std::string>>> Session::ask(std::string challenge) {
  put("+ " + text::base64(challenge));
  constexpr std::size_t kLineOctetsMax = (kSaslResponseOctetsMax + 2) / 3 * 4;
  CO_TRY(Line line, co_await reader_.next(kLineOctetsMax, input_deadline(), output_deadline()));
  if (line.too_long) co_return Error(ErrorKind::closed, "SASL response too long");
  co_return text::unbase64(line.text);
}

Task<Result<void>> Session::handle(Stls) {
  if (io_.stream().tls() != nullptr) co_return Error(ErrorKind::invalid, "TLS is active already");
  if (connection_.tls == nullptr || connection_.endpoint->tls == TlsMode::none) {
    co_return Error(ErrorKind::invalid, "TLS is not available");
  }
  put("+OK Begin TLS");
  CO_TRY_VOID(co_await io_.flush(output_deadline()));
  const Deadline handshake = Deadline::after(std::chrono::seconds(settings_.limits.tls_handshake_s));
  auto started = co_await io_.start_tls(*connection_.tls, handshake, connection_.endpoint->alpn);
  // Nothing may be said in clear any more.
  if (!started) co_return Error(ErrorKind::closed, started.error().detail);
  user_.reset();
  co_return Result<void>();
}

Task<Result<void>> Session::handle(Capa) {
  const TlsInfo* tls = io_.stream().tls();
  put("+OK Capabilities");
  for (std::string_view line : {"TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER",
                                "UTF8", "LANG", "IMPLEMENTATION Postern"}) {
    put(line);
  }
  if (settings_.pop3.login_delay_s > 0) put("LOGIN-DELAY " + std::to_string(settings_.pop3.login_delay_s));
  if (tls == nullptr && connection_.tls != nullptr && connection_.endpoint->tls == TlsMode::starttls)
    put("STLS");
  if (services_.login.plaintext_allowed(login_context())) put("USER");
  std::string sasl = "SASL";
  for (std::string_view name : sasl_mechanisms(services_.login, login_context(), tls)) {
    sasl += ' ';
    sasl += name;
  }
  put(sasl);
  put(".");
  co_return Result<void>();
}

}  // namespace postern::pop3
