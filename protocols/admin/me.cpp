// /me: what users do for themselves
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"
#include "protocols/admin/passwords.h"
#include "protocols/shared/host_name.h"

namespace postern::admin {

namespace {

Task<Result<AccountEntry>> own_account(const Call& call) {
  return call.store().listings().account(Reach(), call.who.name);
}

Json door_json(const char* protocol, bool enabled, const std::string& host,
               const EndpointSettings& endpoint) {
  Json door;
  door["protocol"] = protocol;
  door["enabled"] = enabled;
  door["host"] = host;
  door["port"] = endpoint.port;
  door["tls"] = endpoint.tls;
  return door;
}

}  // namespace

Task<Result<Answer>> get_me(Call& call) {
  CO_TRY(const AccountEntry entry, co_await own_account(call));
  Answer answer(200, account_json(entry));
  answer.etag = entry.version;
  co_return answer;
}

Task<Result<Answer>> get_my_client_settings(Call& call) {
  CO_TRY(const AccountRecord account, co_await call.store().directory().account(*call.who.owner.account));
  const Settings& settings = call.settings;
  const std::string host = host_name(settings.server);
  const std::string web_host = settings.http.public_host.empty() ? host : settings.http.public_host;
  Json body;
  body["user_name"] = account.address;
  body["doors"] = Json::array();
  const auto add = [&](const char* protocol, Feature feature, bool served, const std::string& name,
                       const std::vector<EndpointSettings>& endpoints) {
    for (const EndpointSettings& endpoint : endpoints) {
      if (served) body["doors"].push_back(door_json(protocol, account.allows(feature), name, endpoint));
    }
  };
  add("imap", Feature::imap, settings.imap.enabled, host, settings.imap.endpoints);
  add("pop3", Feature::pop3, settings.pop3.enabled, host, settings.pop3.endpoints);
  const bool sends = settings.submission.enabled && !settings.relay.host.empty();
  add("submission", Feature::submission, sends, host, settings.submission.endpoints);
  const bool syncs = settings.http.enabled && settings.activesync.enabled;
  add("mobile_sync", Feature::mobile_sync, syncs, web_host, settings.http.endpoints);
  co_return Answer(200, std::move(body));
}

// The present password once more: a session that somebody else has found open is not enough.
Task<Result<Answer>> set_my_password(Call& call) {
  Fields fields(call.body);
  Secret current(fields.need_text("current"));
  std::string password = fields.need_text("password");
  const std::string fault = password_fault(password);
  if (!fault.empty()) fields.wrong("password", fault);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  CO_TRY(const AccountRecord account, co_await call.store().directory().account(*call.who.owner.account));
  LoginContext context = call.login_context();
  const auto refused = co_await call.services.login.with_hash(
      account.address, std::move(current), account.credentials.password_hash, std::move(context));
  if (refused) co_return invalid("current", "is wrong");
  Secret secret(std::move(password));
  CO_TRY(Credentials credentials, co_await hashed(call, std::move(secret)));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->directory().set_credentials(account.id, std::move(credentials)));
  CO_TRY_VOID(co_await acting->administrators().end_sessions(call.who.owner, call.who.session));
  co_return Answer(204);
}

}  // namespace postern::admin
