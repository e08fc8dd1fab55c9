#include "protocols/http/http_front_end.h"

namespace postern::http {

HttpFrontEnd::HttpFrontEnd(const Settings& settings, Loop& loop, const Clock& clock, Log log,
                           std::vector<Endpoint> endpoints, Router router, Metrics metrics,
                           std::string_view name)
    : name_(name),
      endpoints_(std::move(endpoints)),
      proxies_(parse_networks(settings.http.forwarded_from).value_or({})),
      router_(std::move(router)),
      around_{loop, clock, settings, proxies_, std::move(log), std::move(metrics)} {}

Task<void> HttpFrontEnd::serve(postern::Connection connection) {
  ServerConnection serving(around_, router_, std::move(connection));
  co_await serving.serve();
}

}  // namespace postern::http
