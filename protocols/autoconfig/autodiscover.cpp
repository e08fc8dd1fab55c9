#include "protocols/autoconfig/autodiscover.h"

#include <fmt/format.h>

#include <memory>

#include "gateway/base/text.h"
#include "protocols/autoconfig/autodiscover_xml.h"
#include "protocols/http/basic_auth.h"
#include "protocols/http/exchange.h"
#include "protocols/http/problem.h"
#include "protocols/http/query.h"
#include "protocols/shared/host_name.h"
#include "protocols/shared/login.h"

namespace postern::autoconfig {

namespace {

using http::Exchange;
using http::Response;

constexpr const char* kXmlPath = "/autodiscover/autodiscover.xml";
constexpr const char* kJsonPath = "/autodiscover/autodiscover.json";

class Autodiscover {
 public:
  Autodiscover(const Settings& settings, const Services& services)
      : services_(services),
        default_domain_(settings.http.default_domain),
        origin_("https://" + (settings.http.public_host.empty() ? host_name(settings.server)
                                                                : settings.http.public_host)) {}

  Task<Result<void>> answer_xml(Exchange& exchange) const {
    LoginOutcome outcome = co_await sign_in(exchange);
    if (!outcome.account && outcome.refusal != LoginRefusal::feature_off) {
      Response refused = refusal(outcome.refusal);
      co_return co_await exchange.answer(std::move(refused));
    }
    CO_TRY(const std::string xml, co_await exchange.body(kAutodiscoverOctetsMax));
    Response response = answer_to(read_autodiscover(xml), outcome.account);
    co_return co_await exchange.answer(std::move(response));
  }

  Task<Result<void>> answer_json(Exchange& exchange) const {
    const auto protocol = http::query_value(exchange.head().query, "Protocol");
    Response response = json(protocol.value_or(""));
    co_return co_await exchange.answer(std::move(response));
  }

 private:
  Task<LoginOutcome> sign_in(Exchange& exchange) const {
    const auto field = exchange.head().fields.find("Authorization");
    auto credentials = http::basic_credentials(field.value_or(""), default_domain_);
    if (!credentials) co_return LoginOutcome(LoginRefusal::credentials);
    LoginContext context;
    context.session = exchange.session();
    context.door = Feature::mobile_sync;
    context.peer = exchange.client().peer;
    context.encrypted = exchange.client().encrypted;
    context.every_request = true;
    context.stays = false;
    LoginOutcome outcome = co_await services_.login.with_password(
        std::move(credentials->user), std::move(credentials->password), std::move(context));
    if (outcome.account) exchange.authenticated();
    co_return outcome;
  }

  static Response refusal(LoginRefusal why) {
    switch (why) {
      case LoginRefusal::credentials: return http::basic_challenge("Autodiscover");
      case LoginRefusal::privacy_required: return http::plain(403, "Passwords are taken over HTTPS only");
      case LoginRefusal::feature_off:
      case LoginRefusal::throttled:
      case LoginRefusal::unavailable: break;
    }
    Response response = http::plain(503);
    response.fields.set("Retry-After", "60");
    return response;
  }

  Response answer_to(Wanted wanted, const std::optional<AccountRecord>& account) const {
    const auto as_xml = [](std::string xml) {
      return Response(200, "text/xml; charset=utf-8", std::move(xml));
    };
    switch (wanted) {
      case Wanted::forbidden: return http::plain(400, "A document type has no place here");
      case Wanted::unreadable: return as_xml(autodiscover_error(600, services_.clock.now()));
      case Wanted::another_schema: break;
      case Wanted::mobile_sync:
        if (account) return as_xml(autodiscover_answer(account->address, sync_url()));
        break;
    }
    return as_xml(autodiscover_error(601, services_.clock.now()));
  }

  Response json(std::string_view protocol) const {
    const auto found = [](std::string_view name, const std::string& url) {
      return Response(200, "application/json", fmt::format(R"({{"Protocol":"{}","Url":"{}"}})", name, url));
    };
    if (text::same(protocol, "ActiveSync")) return found("ActiveSync", sync_url());
    if (text::same(protocol, "AutodiscoverV1")) return found("AutodiscoverV1", origin_ + kXmlPath);
    return Response(
        400, "application/json",
        R"({"ErrorCode":"InvalidProtocol","ErrorMessage":"Known here: ActiveSync, AutodiscoverV1"})");
  }

  std::string sync_url() const { return origin_ + "/Microsoft-Server-ActiveSync"; }

  const Services services_;
  const std::string default_domain_;
  const std::string origin_;
};

}  // namespace

void add_autodiscover_routes(http::Router& router, const Settings& settings, const Services& services) {
  const auto answers = std::make_shared<const Autodiscover>(settings, services);
  http::Route xml{"POST", kXmlPath, kAutodiscoverOctetsMax,
                  [answers](Exchange& exchange) { return answers->answer_xml(exchange); }};
  router.add(std::move(xml));
  for (const std::string& path : {std::string(kJsonPath), kJsonPath + std::string("/*")}) {
    http::Route json{"GET", path, 0,
                     [answers](Exchange& exchange) { return answers->answer_json(exchange); }};
    router.add(std::move(json));
  }
}

}  // namespace postern::autoconfig
