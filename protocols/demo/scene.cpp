#include "protocols/demo/scene.h"

#include <chrono>

#include "protocols/demo/wire.h"

namespace postern::demo {

namespace {

double now_ms() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(since).count();
}

}  // namespace

Task<Result<void>> Scene::begin() {
  http::Response head(200, "application/x-ndjson", "");
  head.fields.set("Cache-Control", "no-store");
  head.fields.set("X-Content-Type-Options", "nosniff");
  CO_TRY_VOID(co_await exchange_.begin(std::move(head)));
  exchange_.watch([this] {
    for (Wire* wire : wires_) wire->close();
  });
  co_return Result<void>();
}

Task<Result<void>> Scene::said(Speaker who, std::string text) {
  Json line;
  line["who"] = who == Speaker::client ? "client" : "server";
  line["text"] = std::move(text);
  co_return co_await write(std::move(line));
}

Task<Result<void>> Scene::tell(std::string_view what, Json facts) {
  Json line = facts.is_object() ? std::move(facts) : Json::object();
  line["what"] = what;
  co_return co_await write(std::move(line));
}

Task<Result<void>> Scene::end() {
  exchange_.unwatch();
  co_return co_await exchange_.end();
}

Task<Result<void>> Scene::write(Json line) {
  line["at"] = now_ms();
  // Whatever octets a message has: the page gets well-formed UTF-8.
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  co_return co_await exchange_.write(text);
}

}  // namespace postern::demo
