#include "protocols/health/health_routes.h"

#include "gateway/async/worker.h"
#include "gateway/net/certificate_expiry.h"
#include "gateway/net/network.h"
#include "protocols/health/asked_metrics.h"
#include "protocols/http/exchange.h"
#include "protocols/http/problem.h"

namespace postern::health {

namespace {

using http::Exchange;
using http::Response;

constexpr const char* kTextFormat = "text/plain; version=0.0.4; charset=utf-8";

std::vector<CertificateFact> expiries(const std::vector<std::string>& files) {
  std::vector<CertificateFact> facts;
  for (const std::string& file : files) {
    // One that this user cannot read is `postern doctor`'s affair.
    if (const auto expires = certificate_expiry(file)) facts.emplace_back(file, *expires);
  }
  return facts;
}

class Health {
 public:
  Health(const Settings& settings, const Services& services)
      : services_(services), readers_(parse_networks(settings.http.metrics_from).value_or({})) {
    for (const CertificateSettings& one : settings.tls.certificates) files_.push_back(one.certificate_file);
  }

  Task<Result<void>> ready(Exchange& exchange) const {
    if (exchange.stopping()) co_return co_await say(exchange, 503, "stopping");
    const auto answered = co_await services_.store.ping();
    if (!answered) co_return co_await say(exchange, 503, "the database does not answer");
    co_return co_await say(exchange, 200, "ready");
  }

  // Numbers tell strangers how much mail there is, so to them there is no such page.
  Task<Result<void>> metrics(Exchange& exchange) const {
    const auto reader = IpAddress::parse(exchange.client().peer.host);
    if (!reader || !any_contains(readers_, *reader)) co_return co_await say(exchange, 404, "");
    Asked asked;
    asked.version = POSTERN_VERSION;
    auto depth = co_await services_.store.outbox().depth();
    if (depth) asked.outbox = *depth;
    auto look = [files = files_] { return expiries(files); };
    asked.certificates = co_await in_worker(services_.loop, std::move(look));
    Response response(200, kTextFormat, services_.metrics.to_text() + to_text(asked));
    response.fields.set("Cache-Control", "no-store");
    co_return co_await exchange.answer(std::move(response));
  }

 private:
  static Task<Result<void>> say(Exchange& exchange, int status, std::string_view words) {
    Response response = http::plain(status, words);
    response.fields.set("Cache-Control", "no-store");
    co_return co_await exchange.answer(std::move(response));
  }

  const Services services_;
  const std::vector<Network> readers_;
  std::vector<std::string> files_;
};

}  // namespace

void add_health_routes(http::Router& router, const Settings& settings, const Services& services) {
  const auto health = std::make_shared<const Health>(settings, services);
  http::Route ready{"GET", "/readyz", 0, [health](Exchange& exchange) { return health->ready(exchange); }};
  router.add(std::move(ready));
  http::Route metrics{"GET", "/metrics", 0,
                      [health](Exchange& exchange) { return health->metrics(exchange); }};
  router.add(std::move(metrics));
}

}  // namespace postern::health
