// LOGIN and AUTHENTICATE (RFC 3501 §6.2.2, §6.2.3, RFC 4959), UNAUTHENTICATE (RFC 8437). Who may log in is
// shared/login's decision; here is only what IMAP says about it (codes: RFC 5530).
#include "gateway/base/text.h"
#include "protocols/imap/capabilities.h"
#include "protocols/imap/commands/run.h"
#include "protocols/shared/sasl.h"

namespace postern::imap {

namespace {

constexpr unsigned kFailuresMax = 5;     // on one connection
constexpr unsigned kChallengesMax = 10;  // of one exchange; no mechanism needs as many

StatusResponse refused(NotAuthenticated& stranger, LoginRefusal refusal) {
  if (++stranger.failures >= kFailuresMax) stranger.session.end(bye("", "Too many failures"));
  switch (refusal) {
    case LoginRefusal::credentials: return no("AUTHENTICATIONFAILED", "Wrong name or password");
    case LoginRefusal::feature_off: return no("CONTACTADMIN", "This account may not use IMAP");
    case LoginRefusal::privacy_required: return no("PRIVACYREQUIRED", "Start TLS first");
    case LoginRefusal::throttled:
      return no("UNAVAILABLE", "Too many failures from your network, try again later");
    case LoginRefusal::unavailable: return no("UNAVAILABLE", "Cannot check passwords now, try again later");
  }
  return no("SERVERBUG", "Internal error");
}

StatusResponse conclude(NotAuthenticated& stranger, const LoginOutcome& outcome, std::string_view mechanism,
                        SteadyTime begun) {
  if (!outcome.account) return refused(stranger, outcome.refusal);
  Session& session = stranger.session;
  session.log_in(outcome.account->id);
  const TlsInfo* tls = session.io.stream().tls();
  const auto elapsed =
      std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun).count();
  session.services.log.event(Level::info, "imap.login",
                             {{"session", session.connection.id},
                              {"account", raw(outcome.account->id)},
                              {"peer", session.io.stream().peer().host},
                              {"tls", tls != nullptr ? std::string_view(tls->version) : "none"},
                              {"mechanism", mechanism},
                              {"ms", elapsed}});
  return ok(ResponseCode::capability(capability_text(offer_of(session))), "Logged in");
}

// The client's answer to a challenge. invalid: cancelled, or not base64.
Task<Result<std::string>> challenge(Session& session, std::string octets) {
  session.io.put("+ ");
  session.io.put(text::base64(octets));
  session.io.put("\r\n");
  CO_TRY(Line line, co_await session.next_line());
  if (line.too_long) {
    session.end(bye("TOOBIG", "Response too long"));
    co_return Error(ErrorKind::invalid, "Response too long");
  }
  if (line.text == "*") co_return Error(ErrorKind::invalid, "Cancelled");
  auto response = text::unbase64(line.text);
  if (!response) co_return Error(ErrorKind::invalid, "Expected base64");
  if (response->size() > kSaslResponseOctetsMax) co_return Error(ErrorKind::invalid, "Response too long");
  co_return *std::move(response);
}

}  // namespace

Task<Answer> run(NotAuthenticated& stranger, const Login& command) {
  Session& session = stranger.session;
  const SteadyTime begun = std::chrono::steady_clock::now();
  LoginContext context = session.login_context();
  postern::Login& login = session.services.login;
  if (!login.plaintext_allowed(context)) co_return no("PRIVACYREQUIRED", "Start TLS first");
  LoginOutcome outcome = co_await login.with_password(command.user, command.password, std::move(context));
  co_return conclude(stranger, outcome, "LOGIN", begun);
}

Task<Answer> run(NotAuthenticated& stranger, const Authenticate& command) {
  Session& session = stranger.session;
  const SteadyTime begun = std::chrono::steady_clock::now();
  postern::Login& login = session.services.login;
  const LoginContext context = session.login_context();
  // Before the client sends its password, unless it could not wait.
  if (sends_password(command.mechanism) && !login.plaintext_allowed(context)) {
    co_return no("PRIVACYREQUIRED", "Start TLS first");
  }
  auto exchange = start_sasl(command.mechanism, login, context, session.io.stream().tls());
  if (!exchange) co_return no("CANNOT", "No such mechanism");

  std::optional<std::string> response;
  if (command.initial_response) response = std::string(command.initial_response->reveal());
  for (unsigned round = 0; round < kChallengesMax; ++round) {
    SaslStep step = co_await exchange->step(std::move(response));
    if (std::holds_alternative<SaslMalformed>(step)) co_return bad("Malformed response");
    if (auto* end = std::get_if<SaslEnd>(&step)) {
      // IMAP has no place for data with success: it goes as a last challenge (RFC 4422 §3.6, RFC 3501
      // §6.2.2).
      if (end->outcome.account && !end->final_message.empty()) {
        CO_TRY(const std::string nothing, co_await challenge(session, end->final_message));
        if (!nothing.empty()) co_return bad("Expected an empty response");
      }
      co_return conclude(stranger, end->outcome, command.mechanism, begun);
    }
    CO_TRY(response, co_await challenge(session, std::get<SaslChallenge>(step).octets));
  }
  co_return bad("Too many responses");
}

// Back to where the connection was before log-in; TLS stays (RFC 8437 §3).
Task<Answer> run(Authenticated& user, const Unauthenticate&) {
  Session& session = user.session;
  co_await session.log_out();
  co_return ok("Logged out, but still here");
}

}  // namespace postern::imap
