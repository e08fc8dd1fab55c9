#include "protocols/admin/web/pages.h"

#include "protocols/admin/web/files.h"
#include "protocols/http/exchange.h"
#include "protocols/http/gzip.h"
#include "protocols/http/problem.h"
#include "protocols/http/service_routes.h"

namespace postern::web {

namespace {

using http::Response;

// Scripts and styles are files of ours and nothing else, whatever text a subject or a device's name smuggles
// into the page; it talks to its own server only, and stands in nobody's frame.
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
constexpr const char* kForEver = "public, max-age=31536000, immutable";

const File* find_file(std::string_view path) {
  for (const File& file : files()) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

Response response_of(const File& file, const http::RequestHead& head) {
  const bool packed = http::accepts_gzip(head);
  Response response(200, file.content_type, std::string(packed ? file.gzipped : file.plain));
  if (packed) response.fields.set("Content-Encoding", "gzip");
  response.fields.set("Vary", "Accept-Encoding");
  response.fields.set("Cache-Control", file.path.starts_with("/assets/") ? kForEver : "no-cache");
  response.fields.set("Content-Security-Policy", kContentSecurityPolicy);
  response.fields.set("X-Content-Type-Options", "nosniff");
  response.fields.set("X-Frame-Options", "DENY");
  response.fields.set("Referrer-Policy", "no-referrer");
  response.fields.set("Cross-Origin-Opener-Policy", "same-origin");
  response.fields.set("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

Task<Result<void>> serve(http::Exchange& exchange) {
  const File* file = find_file(exchange.head().path);
  Response response =
      file != nullptr ? response_of(*file, exchange.head()) : http::plain(404, "No such file");
  co_return co_await exchange.answer(std::move(response));
}

}  // namespace

void add_page_routes(http::Router& router) {
  if (files().empty()) return http::add_front_without_pages(router);
  for (const char* path : {"/", "/assets/*"}) {
    http::Route route{"GET", path, 0, serve};
    router.add(std::move(route));
  }
}

void add_demo_page_route(http::Router& router) {
  http::Route route{"GET", "/demo", 0, serve};
  router.add(std::move(route));
}

}  // namespace postern::web
