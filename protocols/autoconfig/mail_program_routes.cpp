#include "protocols/autoconfig/mail_program_routes.h"

#include "gateway/async/worker.h"
#include "gateway/base/text.h"
#include "protocols/autoconfig/apple_profile.h"
#include "protocols/autoconfig/mozilla.h"
#include "protocols/autoconfig/profile_signer.h"
#include "protocols/http/exchange.h"
#include "protocols/http/problem.h"
#include "protocols/http/query.h"

namespace postern::autoconfig {

namespace {

using http::Exchange;
using http::Response;

constexpr std::size_t kAddressOctetsMax = 320;

// The host that was asked, without its port; the domain behind the name that a program puts in front.
std::string asked_domain(const Exchange& exchange, std::string_view prefix) {
  std::string host = text::to_lower(exchange.head().fields.find("Host").value_or(""));
  host.resize(std::min(host.find(':'), host.size()));
  return host.starts_with(prefix) ? host.substr(prefix.size()) : host;
}

std::optional<ProfileKind> kind_from(std::string_view name) {
  if (name.empty() || name == "imap") return ProfileKind::imap;
  if (name == "pop3") return ProfileKind::pop3;
  if (name == "mobile_sync") return ProfileKind::mobile_sync;
  return std::nullopt;
}

class MailPrograms {
 public:
  MailPrograms(const Settings& settings, const Services& services)
      : settings_(settings), services_(services) {
    const AutoconfigSettings& given = settings.autoconfig;
    if (given.profile_certificate_file.empty()) return;
    auto loaded = ProfileSigner::load(given.profile_certificate_file, given.profile_key_file);
    if (loaded) {
      signer_ = *std::move(loaded);
    } else {
      services_.log.event(Level::error, "autoconfig.profiles_not_signed",
                          {{"reason", loaded.error().detail}});
    }
  }

  Task<Result<void>> mozilla(Exchange& exchange) const {
    const auto address = http::query_value(exchange.head().query, "emailaddress");
    std::string domain = asked_domain(exchange, "autoconfig.");
    if (address && address->find('@') != std::string::npos) domain = address->substr(address->rfind('@') + 1);
    CO_TRY(const Domain served, co_await find(std::move(domain)));
    const ClientSettings found = client_settings(settings_, served.name);
    Response response(200, "text/xml; charset=utf-8", mozilla_config(found));
    co_return co_await exchange.answer(std::move(response));
  }

  Task<Result<void>> apple(Exchange& exchange) const {
    const std::string& query = exchange.head().query;
    const auto kind = kind_from(http::query_value(query, "kind").value_or(""));
    const auto address = parse_address(http::query_value(query, "address").value_or(""));
    if (!kind || !address) {
      Response refused = http::plain(400, "Ask with ?address=name@domain&kind=imap, pop3 or mobile_sync");
      co_return co_await exchange.answer(std::move(refused));
    }
    CO_TRY(const Domain served, co_await find(address->domain));
    const ClientSettings found = client_settings(settings_, served.name);
    CO_TRY(std::string profile, apple_profile(found, address->text(), *kind));
    if (signer_) {
      auto sign = [signer = signer_, profile = std::move(profile)] { return signer->sign(profile); };
      CO_TRY(profile, co_await in_worker(services_.loop, std::move(sign)));
    }
    Response response(200, "application/x-apple-aspen-config", std::move(profile));
    response.fields.set("Content-Disposition", "attachment; filename=\"mail.mobileconfig\"");
    response.fields.set("Cache-Control", "no-store");
    co_return co_await exchange.answer(std::move(response));
  }

  Task<Result<void>> mta_sts(Exchange& exchange) const {
    CO_TRY(const Domain served, co_await find(asked_domain(exchange, "mta-sts.")));
    const std::string policy = mta_sts_policy(client_settings(settings_, served.name));
    if (policy.empty()) co_return Error(ErrorKind::not_found, "no policy");
    Response response(200, "text/plain; charset=utf-8", policy);
    co_return co_await exchange.answer(std::move(response));
  }

 private:
  Task<Result<Domain>> find(std::string name) const {
    if (name.size() > kAddressOctetsMax) co_return Error(ErrorKind::not_found, "too long a name");
    auto found = co_await services_.store.directory().find_domain(std::move(name));
    const bool nonsense = !found && found.error().kind == ErrorKind::invalid;
    if (nonsense) co_return Error(ErrorKind::not_found, "no domain's name");
    co_return found;
  }

  const Settings& settings_;
  const Services services_;
  std::shared_ptr<const ProfileSigner> signer_;
};

}  // namespace

void add_mail_program_routes(http::Router& router, const Settings& settings, const Services& services) {
  const auto programs = std::make_shared<const MailPrograms>(settings, services);
  for (const char* path : {"/.well-known/autoconfig/mail/config-v1.1.xml", "/mail/config-v1.1.xml"}) {
    http::Route mozilla{"GET", path, 0,
                        [programs](Exchange& exchange) { return programs->mozilla(exchange); }};
    router.add(std::move(mozilla));
  }
  http::Route apple{"GET", "/profile/mail.mobileconfig", 0,
                    [programs](Exchange& exchange) { return programs->apple(exchange); }};
  router.add(std::move(apple));
  http::Route policy{"GET", "/.well-known/mta-sts.txt", 0,
                     [programs](Exchange& exchange) { return programs->mta_sts(exchange); }};
  router.add(std::move(policy));
}

}  // namespace postern::autoconfig
