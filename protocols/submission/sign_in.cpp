// AUTH (RFC 4954).
#include "gateway/base/text.h"
#include "protocols/submission/session.h"

namespace postern::submission {

namespace {

constexpr std::uint32_t kFailedSignInsMax = 3;

// RFC 4954 §6, RFC 5248: an outage is never told as a wrong password.
std::string_view answer_to(LoginRefusal refusal) {
  switch (refusal) {
    case LoginRefusal::credentials: return "535 5.7.8 Wrong name or password";
    case LoginRefusal::feature_off: return "525 5.7.13 Sending is not switched on for this account";
    case LoginRefusal::privacy_required: return "538 5.7.11 Use STARTTLS before signing in";
    case LoginRefusal::throttled: return "454 4.7.0 Too many failed sign-ins, wait a minute";
    case LoginRefusal::unavailable: return "454 4.7.0 Cannot check the password now";
  }
  return "454 4.7.0 Cannot check the password now";
}

}  // namespace

LoginContext Session::login_context() const {
  LoginContext context;
  context.session = connection_.id;
  context.door = Feature::submission;
  context.peer = io_.stream().peer();
  context.encrypted = io_.stream().tls() != nullptr;
  return context;
}

bool Session::may_sign_in() const {
  return services_.login.plaintext_allowed(login_context());
}

Session::Outcome Session::handle(Auth command) {
  if (!extended_ || account_ || mail_) {
    reply(account_ ? "503 5.5.1 Signed in already" : "503 5.5.1 EHLO comes first");
    co_return Result<void>();
  }
  if (!may_sign_in()) {
    reply(answer_to(LoginRefusal::privacy_required));
    co_return Result<void>();
  }
  auto exchange = start_sasl(command.mechanism, services_.login, login_context(), io_.stream().tls());
  if (!exchange) {
    reply("504 5.5.4 No such mechanism here");
    co_return Result<void>();
  }
  std::optional<std::string> response;
  if (command.initial_response) {
    const bool is_empty = *command.initial_response == "=";
    if (is_empty) response = std::string();
    if (!is_empty) response = text::unbase64(*command.initial_response);
    if (!response) {
      reply("501 5.5.2 Not base64");
      co_return Result<void>();
    }
  }
  for (;;) {
    SaslStep step = co_await exchange->step(std::move(response));
    if (auto* end = std::get_if<SaslEnd>(&step)) {
      if (!end->final_message.empty()) {
        CO_TRY(const auto acknowledged, co_await ask(end->final_message));
        if (!acknowledged) break;
      }
      co_return signed_in(std::move(end->outcome));
    }
    if (std::holds_alternative<SaslMalformed>(step)) break;
    CO_TRY(response, co_await ask(std::get<SaslChallenge>(step).octets));
    if (!response) break;
  }
  reply("501 5.5.2 Cancelled, or not understood");
  co_return Result<void>();
}

// nullopt: "*", or not base64.
Task<Result<std::optional<std::string>>> Session::ask(std::string challenge) {
  reply("334 " + text::base64(challenge));
  CO_TRY(const Line line, co_await reader_.next(kCommandOctetsMax, input_deadline(), output_deadline()));
  if (line.too_long) co_return Error(ErrorKind::closed, "SASL response too long");
  co_return text::unbase64(line.text);
}

Result<void> Session::signed_in(LoginOutcome outcome) {
  if (!outcome.account) {
    reply(answer_to(outcome.refusal));
    const bool wrong = outcome.refusal == LoginRefusal::credentials;
    if (wrong && ++failed_sign_ins_ >= kFailedSignInsMax) quit_ = true;
    return {};
  }
  account_ = std::move(outcome.account);
  if (connection_.authenticated) std::exchange(connection_.authenticated, nullptr)();
  reply("235 2.7.0 Welcome");
  return {};
}

}  // namespace postern::submission
