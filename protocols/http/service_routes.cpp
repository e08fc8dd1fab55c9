#include "protocols/http/service_routes.h"

#include "protocols/http/exchange.h"
#include "protocols/http/problem.h"

namespace postern::http {

namespace {

Task<Result<void>> say(Exchange& exchange, std::string_view words) {
  Response response = plain(200, words);
  response.fields.set("Cache-Control", "no-store");
  co_return co_await exchange.answer(std::move(response));
}

}  // namespace

void add_front_without_pages(Router& router) {
  Route front{"GET", "/", 0, [](Exchange& exchange) {
                return say(
                    exchange,
                    "This is a Postern mail server. It serves mail programs; there are no pages here.");
              }};
  router.add(std::move(front));
}

void add_service_routes(Router& router) {
  Route alive{"GET", "/livez", 0, [](Exchange& exchange) { return say(exchange, "alive"); }};
  router.add(std::move(alive));
}

}  // namespace postern::http
