#include "protocols/activesync/endpoint.h"

#include <fmt/format.h>

#include "gateway/base/text.h"
#include "protocols/activesync/command_refusal.h"
#include "protocols/activesync/command_table.h"
#include "protocols/activesync/gate.h"
#include "protocols/activesync/location.h"
#include "protocols/activesync/trace.h"
#include "protocols/activesync/wbxml/reader.h"
#include "protocols/http/basic_auth.h"
#include "protocols/http/exchange.h"
#include "protocols/http/problem.h"
#include "protocols/shared/login.h"

namespace postern::activesync {

namespace {

constexpr std::string_view kPath = "/Microsoft-Server-ActiveSync";
constexpr std::string_view kRetryAfter_s = "60";

void add_server_fields(http::Response& response) {
  response.fields.set("MS-Server-ActiveSync", std::string(std::rbegin(kProtocolVersions)->name));
}

// MS-ASHTTP section 2.2.2.1.1. 403 is for what the account may not, and for nothing else: Android takes it
// for a matter of policy.
http::Response login_refusal(LoginRefusal refusal) {
  switch (refusal) {
    case LoginRefusal::credentials: break;
    case LoginRefusal::feature_off: return http::plain(403, "Mobile sync is not switched on here.");
    case LoginRefusal::privacy_required: {
      http::Response response = http::plain(426, "Use https.");
      response.fields.set("Upgrade", "TLS/1.2");
      return response;
    }
    case LoginRefusal::throttled:
    case LoginRefusal::unavailable: {
      http::Response response = http::plain(503);
      response.fields.set("Retry-After", std::string(kRetryAfter_s));
      return response;
    }
  }
  return http::basic_challenge("Postern");
}

RequestHead head_of(const http::RequestHead& head) {
  RequestHead result;
  result.query = head.query;
  result.protocol_version = head.fields.find("MS-ASProtocolVersion");
  result.policy_key = head.fields.find("X-MS-PolicyKey");
  result.accept_multipart = head.fields.find("MS-ASAcceptMultiPart");
  return result;
}

DeviceSeen seen_of(const http::Exchange& exchange, const Request& request) {
  DeviceSeen seen;
  seen.type = request.device_type;
  seen.user_agent = exchange.head().fields.find("User-Agent").value_or("");
  for (const ProtocolVersionName& row : kProtocolVersions) {
    if (row.version == request.version) seen.protocol_version = row.name;
  }
  seen.address = exchange.client().peer.host;
  seen.versions_offered = version_names();
  return seen;
}

// MS-ASHTTP section 3.2.5.1: 501 for a command or a version that is not served, 400 for what is no request.
http::Response request_refusal(const Error& error) {
  if (error.kind == ErrorKind::not_found) return http::plain(501, error.detail);
  return http::plain(error.kind == ErrorKind::too_large ? 414 : 400, error.detail);
}

// MS-ASHTTP section 3.2.5.1.1
http::Response try_elsewhere(std::string url) {
  http::Response response = http::plain(451, "Another server has this mailbox.");
  response.fields.set("X-MS-Location", std::move(url));
  return response;
}

http::Response too_often() {
  http::Response response = http::plain(503, "Too many requests.");
  response.fields.set("Retry-After", std::string(kRetryAfter_s));
  response.fields.set("X-MS-ASThrottle", "CommandFrequency");
  return response;
}

bool speaks_in_wbxml(const http::RequestHead& head) {
  const std::string_view type = head.fields.find("Content-Type").value_or("");
  // Before 14.0 a message to send is the body itself.
  return !text::starts_with_same(type, "message/rfc822");
}

}  // namespace

Task<Result<void>> Endpoint::options(http::Exchange& exchange) {
  auto account = co_await log_in(exchange);
  if (!account) co_return std::move(account).error();
  if (!*account) co_return Result<void>();
  http::Response response(200);
  add_server_fields(response);
  response.fields.set("MS-ASProtocolVersions", version_names());
  response.fields.set("MS-ASProtocolCommands", command_names());
  response.fields.set("Allow", "OPTIONS, POST");
  response.fields.set("Public", "OPTIONS, POST");
  response.fields.set("Cache-Control", "private");
  co_return co_await exchange.answer(std::move(response));
}

Task<Result<std::optional<AccountRecord>>> Endpoint::log_in(http::Exchange& exchange) {
  std::optional<AccountRecord> account;
  LoginRefusal refusal = LoginRefusal::credentials;
  auto credentials = http::basic_credentials(exchange.head().fields.find("Authorization").value_or(""),
                                             settings_.http.default_domain);
  if (credentials) {
    LoginContext context;
    context.session = exchange.session();
    context.door = Feature::mobile_sync;
    context.peer = exchange.client().peer;
    context.encrypted = exchange.client().encrypted;
    context.every_request = true;
    context.client = exchange.head().fields.find("User-Agent").value_or("");
    LoginOutcome outcome = co_await services_.login.with_password(
        std::move(credentials->user), std::move(credentials->password), std::move(context));
    account = std::move(outcome.account);
    refusal = outcome.refusal;
  }
  http::Response response = login_refusal(refusal);
  if (account) {
    exchange.authenticated();
    auto url = other_location(settings_.activesync.locations, account->address,
                              exchange.head().fields.find("Host").value_or(""));
    if (!url) co_return account;
    account.reset();
    response = try_elsewhere(*std::move(url));
  }
  CO_TRY_VOID(co_await exchange.answer(std::move(response)));
  co_return account;
}

Task<Result<void>> Endpoint::post(http::Exchange& exchange) {
  const SteadyTime began = services_.clock.steady_now();
  CO_TRY(std::optional<AccountRecord> account, co_await log_in(exchange));
  if (!account) co_return Result<void>();
  auto request = parse_request(head_of(exchange.head()));
  if (!request) {
    http::Response response = request_refusal(request.error());
    co_return co_await exchange.answer(std::move(response));
  }
  DeviceKey key(account->id, request->device_id);
  if (asks_too_often(exchange, key)) {
    http::Response response = too_often();
    co_return co_await exchange.answer(std::move(response));
  }
  Conversation conversation{exchange,    services_, settings_, *std::move(request), *std::move(account),
                            Device(key), looks_};
  auto result = co_await converse(conversation);
  log(conversation, began, result);
  if (conversation.device.traced_until) log_trace(conversation, "answer", trace_text(exchange.take_copy()));
  co_return result;
}

bool Endpoint::asks_too_often(const http::Exchange& exchange, const DeviceKey& device) {
  const auto address = IpAddress::parse(exchange.client().peer.host);
  if (address && any_contains(unbounded_, *address)) return false;
  return !budget_.take(fmt::format("{}/{}", raw(device.account), device.id), services_.clock.steady_now());
}

Task<Result<bool>> Endpoint::admit(Conversation& conversation) {
  const Request& request = conversation.request;
  if (request.device_id != kValidatingDevice) {
    DeviceSeen seen = seen_of(conversation.exchange, request);
    auto device = co_await services_.store.devices().open(conversation.device.key, std::move(seen),
                                                          settings_.activesync.devices_max);
    const bool too_many = !device && device.error().kind == ErrorKind::too_large;
    if (too_many) {
      const GateRefusal refusal{CommonStatus::too_many_devices};
      CO_TRY_VOID(co_await refuse(conversation, refusal));
      co_return false;
    }
    if (!device) co_return std::move(device).error();
    conversation.device = *std::move(device);
    if (conversation.device.traced_until) conversation.exchange.keep_copy(kTracedOctetsMax);
  }
  const auto refusal = gate_refusal(request, conversation.device, settings_.activesync);
  if (!refusal) co_return true;
  CO_TRY_VOID(co_await refuse(conversation, *refusal));
  co_return false;
}

Task<Result<void>> Endpoint::converse(Conversation& conversation) {
  http::Exchange& exchange = conversation.exchange;
  const Request& request = conversation.request;
  CO_TRY(const bool admitted, co_await admit(conversation));
  if (!admitted) co_return Result<void>();
  const RunCommand run = find_command(request.command);
  if (run == nullptr) {
    http::Response response = http::plain(501, "This command is not served.");
    co_return co_await exchange.answer(std::move(response));
  }
  std::optional<Document> document;
  if (speaks_in_wbxml(exchange.head())) {
    CO_TRY(std::string octets, co_await exchange.body(settings_.activesync.request_octets_max));
    if (!octets.empty()) {
      auto read_document = read(std::move(octets));
      // The root says what it is: a query that says something else is a mistake, not a choice.
      if (!read_document || read_document->root().tag() != root_of(request.command)) {
        http::Response response = http::plain(400, "The body is not what this command takes.");
        co_return co_await exchange.answer(std::move(response));
      }
      document = *std::move(read_document);
      if (conversation.device.traced_until) log_trace(conversation, "request", trace_text(*document));
    }
  }
  const bool may_wait = request.command == Command::sync || request.command == Command::ping;
  if (may_wait) services_.store.devices().end_older_waits(conversation.device);
  const std::string& told = conversation.device.versions_told;
  const bool has_news = request.device_id != kValidatingDevice && has_new_version(told);
  // The device starts over with what it hears here (MS-ASHTTP R226), which must not happen to one of whom it
  // is not known what it has heard.
  const std::string versions = version_names();
  if (has_news && !told.empty()) exchange.add_field("X-MS-RP", versions);
  CO_TRY_VOID(co_await run(conversation, std::move(document)));
  if (!has_news) co_return Result<void>();
  co_return co_await services_.store.devices().set_versions_told(conversation.device.key, versions);
}

void Endpoint::log_trace(const Conversation& conversation, std::string_view what,
                         const std::string& text) const {
  services_.log.event(Level::info, "activesync.trace",
                      {{"session", conversation.exchange.session()},
                       {"account", raw(conversation.account.id)},
                       {"device", conversation.request.device_id},
                       {"command", name_of(conversation.request.command)},
                       {"what", what},
                       {"text", text}});
}

void Endpoint::log(const Conversation& conversation, SteadyTime began, const Result<void>& result) const {
  const auto span = services_.clock.steady_now() - began;
  const bool ended = result || result.error().kind == ErrorKind::closed;  // phones come and go
  services_.log.event(ended ? Level::info : Level::warning, "activesync.command",
                      {{"session", conversation.exchange.session()},
                       {"peer", conversation.exchange.client().peer.host},
                       {"account", raw(conversation.account.id)},
                       {"device", conversation.request.device_id},
                       {"command", name_of(conversation.request.command)},
                       {"http", conversation.exchange.status()},
                       {"status", conversation.told_status},
                       {"items", conversation.items},
                       {"skipped", conversation.skipped},
                       {"octets", conversation.exchange.octets_sent()},
                       {"ms", std::chrono::duration_cast<Milliseconds>(span).count()},
                       {"detail", result ? std::string() : result.error().detail}});
}

void add_routes(http::Router& router, const Settings& settings, Services services) {
  const auto endpoint = std::make_shared<Endpoint>(settings, services);
  http::Route options{"OPTIONS", std::string(kPath), 0,
                      [endpoint](http::Exchange& exchange) { return endpoint->options(exchange); }};
  router.add(std::move(options));
  http::Route post{"POST", std::string(kPath), settings.activesync.request_octets_max,
                   [endpoint](http::Exchange& exchange) { return endpoint->post(exchange); }};
  router.add(std::move(post));
}

}  // namespace postern::activesync
