#include "protocols/submission/auth_socket.h"

#include <unistd.h>

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"

namespace postern::submission {

namespace {

constexpr Milliseconds kOutputLimit{30'000};

std::string_view code_of(LoginRefusal refusal) {
  switch (refusal) {
    case LoginRefusal::credentials: return "";
    case LoginRefusal::feature_off: return "authz";
    case LoginRefusal::privacy_required: return "reason=Encryption required";
    case LoginRefusal::throttled:
    case LoginRefusal::unavailable: return "temp";  // never told as a wrong password
  }
  return "temp";
}

}  // namespace

std::vector<Endpoint> AuthSocket::endpoints() const {
  Endpoint endpoint;
  endpoint.address = "unix:" + settings_.submission.auth_socket;
  return std::vector<Endpoint>(1, endpoint);
}

Task<void> AuthSocket::serve(Connection connection) {
  // Whoever reaches the socket is a mail server.
  if (connection.authenticated) std::exchange(connection.authenticated, nullptr)();
  AuthSession session(services_, std::move(connection));
  co_await session.run();
}

AuthSession::AuthSession(const Services& services, Connection connection)
    : services_(services),
      connection_(std::move(connection)),
      io_(services.loop, std::move(connection_.stream)),
      events_(services.loop),
      stop_handle_(connection_.stop->listen([this] { events_.send(Stopping()); })),
      scope_(services.loop) {}

AuthSession::~AuthSession() {
  connection_.stop->forget(stop_handle_);
}

Task<void> AuthSession::run() {
  greet();
  auto served = co_await serve();
  io_.close();
  co_await scope_.drained();
}

// Postfix knows only what is announced before DONE. Channel bindings end at Postfix: no -PLUS.
void AuthSession::greet() {
  io_.put(
      "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nMECH\tSCRAM-SHA-256\tmutual-auth\n");
  io_.put("SPID\t" + std::to_string(::getpid()) + "\nCUID\t" + std::to_string(connection_.id & 0xFFFFFFFF) +
          "\n");
  io_.put("COOKIE\t" + text::hex(random_octets(16)) + "\nDONE\n");
}

Task<Result<void>> AuthSession::serve() {
  scope_.start(read_one());
  for (;;) {
    CO_TRY_VOID(co_await io_.flush(Deadline::after(kOutputLimit)));
    auto event = co_await events_.next();
    if (!event || std::holds_alternative<Stopping>(*event)) co_return Error(ErrorKind::closed, "stopping");
    if (auto* stepped = std::get_if<Stepped>(&*event)) {
      take(std::move(*stepped));
      continue;
    }
    CO_TRY(const Line line, std::get<Result<Line>>(*std::move(event)));
    CO_TRY_VOID(take(line));
    scope_.start(read_one());
  }
}

Task<void> AuthSession::read_one() {
  auto line = co_await io_.read_line(kAuthLineOctetsMax, Deadline());
  Event event(std::move(line));
  events_.send(std::move(event));
}

Task<void> AuthSession::step(std::uint32_t id, std::optional<std::string> response) {
  SaslExchange& sasl = *exchanges_.at(id).sasl;  // stays while it is stepping
  SaslStep result = co_await sasl.step(std::move(response));
  Event event(Stepped(id, std::move(result)));
  events_.send(std::move(event));
}

Result<void> AuthSession::take(const Line& line) {
  AuthLine parsed = line.too_long ? AuthLine(AuthMalformed()) : parse_auth_line(line.text);
  if (std::holds_alternative<AuthMalformed>(parsed)) return Error(ErrorKind::invalid, "malformed line");
  if (const auto* version = std::get_if<AuthVersion>(&parsed)) {
    if (version->major != 1) return Error(ErrorKind::invalid, "another version");
  }
  if (auto* request = std::get_if<AuthRequest>(&parsed)) take(std::move(*request));
  if (auto* response = std::get_if<AuthContinue>(&parsed)) take(std::move(*response));
  if (const auto* cancel = std::get_if<AuthCancel>(&parsed)) {
    const auto found = exchanges_.find(cancel->id);
    if (found != exchanges_.end() && !found->second.stepping) exchanges_.erase(found);
  }
  return {};
}

void AuthSession::take(AuthRequest request) {
  if (exchanges_.contains(request.id) || exchanges_.size() >= kExchangesMax) return fail(request.id, "temp");
  LoginContext context;
  context.session = connection_.id;
  context.door = Feature::submission;
  context.peer = request.peer;
  const bool known =
      request.mechanism == "PLAIN" || request.mechanism == "LOGIN" || request.mechanism == "SCRAM-SHA-256";
  // Postfix decides whether its clients may send passwords in clear (smtpd_tls_auth_only), and does not
  // always tell whether they did: what it hands on counts as protected.
  context.encrypted = true;
  context.stays = false;
  auto sasl = known ? start_sasl(request.mechanism, services_.login, context, nullptr) : nullptr;
  if (!sasl) return fail(request.id, "reason=No such mechanism");
  Exchange& exchange = exchanges_[request.id];
  exchange.sasl = std::move(sasl);
  exchange.stepping = true;
  scope_.start(step(request.id, std::move(request.initial_response)));
}

void AuthSession::take(AuthContinue response) {
  const auto found = exchanges_.find(response.id);
  if (found == exchanges_.end() || found->second.stepping) return fail(response.id, "reason=Not expected");
  if (found->second.proven) {
    const LoginOutcome outcome = std::move(found->second.outcome);
    exchanges_.erase(found);
    return end(response.id, outcome);
  }
  found->second.stepping = true;
  scope_.start(step(response.id, std::move(response.response)));
}

void AuthSession::take(Stepped stepped) {
  const std::uint32_t id = stepped.id;
  Exchange& exchange = exchanges_.at(id);
  exchange.stepping = false;
  if (auto* challenge = std::get_if<SaslChallenge>(&stepped.step)) {
    io_.put("CONT\t" + std::to_string(id) + '\t' + text::base64(challenge->octets) + '\n');
    return;
  }
  auto* done = std::get_if<SaslEnd>(&stepped.step);
  if (done != nullptr && !done->final_message.empty()) {
    exchange.outcome = std::move(done->outcome);
    exchange.proven = true;
    io_.put("CONT\t" + std::to_string(id) + '\t' + text::base64(done->final_message) + '\n');
    return;
  }
  exchanges_.erase(id);
  if (done == nullptr) return fail(id, "reason=Malformed response");
  end(id, done->outcome);
}

void AuthSession::end(std::uint32_t id, const LoginOutcome& outcome) {
  if (!outcome.account) return fail(id, code_of(outcome.refusal));
  io_.put("OK\t" + std::to_string(id) + "\tuser=" + escape_auth_value(outcome.account->address) + '\n');
}

void AuthSession::fail(std::uint32_t id, std::string_view why) {
  io_.put("FAIL\t" + std::to_string(id));
  if (!why.empty()) io_.put("\t" + std::string(why));
  io_.put("\n");
}

}  // namespace postern::submission
