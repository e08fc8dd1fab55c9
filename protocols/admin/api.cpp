#include "protocols/admin/api.h"

#include <fmt/ranges.h>
#include <sys/un.h>
#include <unistd.h>

#include <memory>

#include "gateway/base/text.h"
#include "protocols/admin/operations.h"
#include "protocols/shared/digest.h"

namespace postern::admin {

namespace {

constexpr std::uint64_t kBodyOctetsMax = 262'144;
constexpr std::size_t kKeyOctetsMax = 100;
constexpr int kFirstFailure = 500;
constexpr int kFirstRefusal = 300;

class Api {
 public:
  Api(const Settings& settings, const Services& services, Trust trust)
      : settings_(settings), services_(services), trust_(trust) {}

  Task<Result<void>> serve(http::Exchange& exchange) const {
    Call call(services_, settings_, exchange);
    auto answered = co_await answer(call);
    if (!answered && exchange.answered()) co_return std::move(answered).error();
    if (!answered) note(call, answered.error());
    const Answer given = answered ? *std::move(answered) : answer_to(answered.error());
    if (given.sent) co_return Result<void>();
    http::Response response = response_of(given);
    co_return co_await exchange.answer(std::move(response));
  }

 private:
  Task<Result<Answer>> answer(Call& call) const {
    const http::RequestHead& head = call.exchange.head();
    const std::string path = head.path.substr(std::string_view(kApiRoot).size());
    const Operation* operation = find_operation(head.method, path, call.args);
    if (operation == nullptr && head.method == "HEAD") operation = find_operation("GET", path, call.args);
    if (operation == nullptr) co_return no_operation(path);
    const bool writes = head.method != "GET" && head.method != "HEAD";
    if (operation->needs != Needs::nothing) {
      std::optional<Answer> refusal = co_await authenticate(call, trust_, writes);
      if (refusal) co_return *std::move(refusal);
      if (operation->needs == Needs::scope && !call.who.scopes.has(operation->scope)) {
        co_return denied("It needs the scope " + std::string(name_of(operation->scope)));
      }
    }
    std::string octets;
    if (operation->body == Body::object) {
      auto body = co_await call.exchange.body(kBodyOctetsMax);
      if (!body) co_return unread(body.error());
      octets = *std::move(body);
      const auto type = head.fields.find("Content-Type").value_or("");
      // Not what a form of another site can send without asking.
      const bool is_json = text::same(text::trim(type.substr(0, type.find(';'))), "application/json");
      call.body = Json::parse(octets, nullptr, false);
      if (!is_json || !call.body.is_object()) co_return malformed("A JSON object is wanted");
    }
    const auto key = head.fields.find("Idempotency-Key");
    const bool keyed = key && operation->repeat == Repeat::by_key;
    if (keyed) co_return co_await once(call, *operation, std::string(*key), octets);
    co_return co_await operation->run(call);
  }

  // The first of several requests with one key is done, the others get its answer.
  Task<Result<Answer>> once(Call& call, const Operation& operation, std::string key,
                            std::string octets) const {
    const bool usable = !key.empty() && key.size() <= kKeyOctetsMax && text::is_ascii(key);
    if (!usable) co_return malformed("An Idempotency-Key has 1 to 100 ASCII characters");
    const std::string request = sha256(call.exchange.head().path + '\0' + octets);
    Administrators& administrators = services_.store.administrators();
    CO_TRY(const KeptAnswer kept, co_await administrators.claim_answer(call.who.name, key, request));
    if (!kept.same_request) co_return conflict("idempotency-key", "The key stands for another request");
    if (!kept.first && !kept.status)
      co_return conflict("idempotency-key", "The first request is still being done");
    if (!kept.first) {
      Answer again(*kept.status, Json::parse(kept.body, nullptr, false));
      again.etag = kept.etag;
      co_return again;
    }
    auto answered = co_await operation.run(call);
    const bool done = answered && answered->status < kFirstRefusal;
    if (done) {
      const std::string body = answered->body.dump();
      const auto status = static_cast<std::int16_t>(answered->status);
      CO_TRY_VOID(co_await administrators.keep_answer(call.who.name, key, status, answered->etag, body));
    } else {
      CO_TRY_VOID(co_await administrators.release_answer(call.who.name, key));
    }
    co_return answered;
  }

  static Result<Answer> unread(const Error& error) {
    if (error.kind == ErrorKind::too_large) return problem(413, "too-large", "The body is too large");
    if (error.kind == ErrorKind::invalid) return malformed("The body is broken");
    return error;
  }

  static Answer no_operation(const std::string& path) {
    const std::vector<std::string_view> methods = methods_of(path);
    if (methods.empty()) return not_found();
    Answer answer = problem(405, "method", "This cannot be done with it");
    answer.fields.push_back({"Allow", fmt::format("{}", fmt::join(methods, ", "))});
    return answer;
  }

  void note(const Call& call, const Error& error) const {
    if (answer_to(error).status < kFirstFailure) return;
    services_.log.event(Level::error, "admin.failed",
                        {{"session", call.exchange.session()},
                         {"who", call.who.name},
                         {"kind", name_of(error.kind)},
                         {"detail", error.detail}});
  }

  const Settings& settings_;
  const Services services_;
  const Trust trust_;
};

}  // namespace

void add_routes(http::Router& router, const Settings& settings, const Services& services, Trust trust) {
  const auto api = std::make_shared<const Api>(settings, services, trust);
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    http::Route route{method, std::string(kApiRoot) + "/*", kBodyOctetsMax,
                      [api](http::Exchange& exchange) { return api->serve(exchange); }};
    router.add(std::move(route));
  }
}

std::string socket_path(const Settings& settings) {
  if (!settings.admin.socket.empty()) return settings.admin.socket;
  std::string path = settings.server.data_directory + "/admin.sock";
  const bool ours = ::access(settings.server.data_directory.c_str(), W_OK) == 0;
  return ours && path.size() < sizeof(sockaddr_un::sun_path) ? path : std::string();
}

}  // namespace postern::admin
