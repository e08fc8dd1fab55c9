// /health, /server and the contract itself
#include "protocols/admin/contract.h"
#include "protocols/admin/handlers.h"
#include "protocols/shared/host_name.h"

namespace postern::admin {

namespace {

void add_doors(Json& doors, const char* name, bool served, const std::vector<EndpointSettings>& endpoints) {
  if (!served) return;
  for (const EndpointSettings& endpoint : endpoints) {
    Json door;
    door["name"] = name;
    door["address"] = endpoint.address;
    door["port"] = endpoint.port;
    door["tls"] = endpoint.tls;
    doors.push_back(std::move(door));
  }
}

}  // namespace

Task<Result<Answer>> get_contract(Call& call) {
  http::Response response(200, "application/yaml; charset=utf-8", contract());
  response.fields.set("X-Content-Type-Options", "nosniff");
  CO_TRY_VOID(co_await call.exchange.answer(std::move(response)));
  Answer done;
  done.sent = true;
  co_return done;
}

Task<Result<Answer>> get_health(Call& call) {
  const auto alive = co_await call.store().ping();
  Json body;
  body["status"] = alive ? "ok" : "failing";
  body["database"] = alive ? "ok" : "failing";
  co_return Answer(200, std::move(body));
}

Task<Result<Answer>> get_server(Call& call) {
  const Settings& settings = call.settings;
  Json body;
  body["version"] = POSTERN_VERSION;
  body["hostname"] = host_name(settings.server);
  Json& doors = body["doors"] = Json::array();
  add_doors(doors, "lmtp", settings.lmtp.enabled, settings.lmtp.endpoints);
  add_doors(doors, "pop3", settings.pop3.enabled, settings.pop3.endpoints);
  add_doors(doors, "imap", settings.imap.enabled, settings.imap.endpoints);
  add_doors(doors, "http", settings.http.enabled, settings.http.endpoints);
  const bool sends = settings.submission.enabled && !settings.relay.host.empty();
  add_doors(doors, "submission", sends, settings.submission.endpoints);
  co_return Answer(200, std::move(body));
}

}  // namespace postern::admin
