#include "protocols/demo/demo_routes.h"

#include "protocols/admin/authenticate.h"
#include "protocols/demo/scenes.h"

namespace postern::demo {

namespace {

constexpr std::uint64_t kWishOctetsMax = 4096;

struct Row {
  const char* path;
  Play play;
};
constexpr Row kRows[] = {
    {"/demo/delivery", play_delivery},       {"/demo/pop3", play_pop3},   {"/demo/imap", play_imap},
    {"/demo/imap-change", play_imap_change}, {"/demo/phone", play_phone},
};

std::shared_ptr<SSL_CTX> trust_of(const Settings& settings) {
  if (settings.tls.certificates.empty()) return nullptr;
  ClientTrust trust;
  trust.ca_file = settings.tls.certificates.front().certificate_file;
  auto context = client_tls_context(trust);
  return context ? *std::move(context) : nullptr;
}

// What came in a client's way, unless it is that nobody looks any more.
Task<Result<void>> end(Scene& scene, Result<void> played) {
  if (scene.over()) co_return played;
  if (!played) {
    Json facts;
    facts["detail"] = played.error().detail;
    CO_TRY_VOID(co_await scene.tell("failed", std::move(facts)));
  }
  co_return co_await scene.end();
}

class Demo {
 public:
  Demo(const Settings& settings, const Services& services, Mailbox mailbox)
      : stage_(settings, services, std::move(mailbox)) {
    stage_.trust = trust_of(settings);
  }

  Task<Result<void>> serve(Play play, http::Exchange& exchange) const {
    admin::Call call(stage_.services, stage_.settings, exchange);
    std::optional<admin::Answer> refusal = co_await admin::authenticate(call, admin::Trust::proven, true);
    const bool let_in = call.who.role == Role::provider;
    if (!refusal && !let_in) refusal = admin::denied("The demo is for a provider's administrator");
    if (refusal) {
      http::Response response = admin::response_of(*refusal);
      co_return co_await exchange.answer(std::move(response));
    }
    CO_TRY(const std::string body, co_await exchange.body(kWishOctetsMax));
    const Json wish = Json::parse(body, nullptr, false);
    if (!wish.is_object()) {
      http::Response response = admin::response_of(admin::malformed("A JSON object is wanted"));
      co_return co_await exchange.answer(std::move(response));
    }
    co_return co_await perform(play, exchange, wish);
  }

 private:
  Task<Result<void>> perform(Play play, http::Exchange& exchange, const Json& wish) const {
    Scene scene(exchange);
    CO_TRY_VOID(co_await scene.begin());
    Json facts;
    facts["address"] = stage_.mailbox.address;
    CO_TRY_VOID(co_await scene.tell("mailbox", std::move(facts)));
    Result<void> played;
    try {
      played = co_await play(scene, stage_, wish);
    } catch (const Json::exception&) {
      played = Error(ErrorKind::invalid, "The wish has a member of another type");
    }
    co_return co_await end(scene, std::move(played));
  }

  Stage stage_;
};

}  // namespace

void add_demo_routes(http::Router& router, const Settings& settings, const Services& services,
                     Mailbox mailbox) {
  const auto demo = std::make_shared<const Demo>(settings, services, std::move(mailbox));
  for (const Row& row : kRows) {
    http::Route route{"POST", row.path, kWishOctetsMax, [demo, play = row.play](http::Exchange& exchange) {
                        return demo->serve(play, exchange);
                      }};
    router.add(std::move(route));
  }
}

}  // namespace postern::demo
