#include "protocols/front_ends.h"

#include "protocols/activesync/endpoint.h"
#include "protocols/admin/api.h"
#include "protocols/admin/web/pages.h"
#include "protocols/autoconfig/autodiscover.h"
#include "protocols/autoconfig/mail_program_routes.h"
#include "protocols/demo/demo_routes.h"
#include "protocols/health/health_routes.h"
#include "protocols/http/http_front_end.h"
#include "protocols/http/service_routes.h"
#include "protocols/imap/imap_front_end.h"
#include "protocols/lmtp/lmtp_front_end.h"
#include "protocols/pop3/pop3_front_end.h"
#include "protocols/shared/endpoints.h"
#include "protocols/submission/auth_socket.h"
#include "protocols/submission/submission_front_end.h"

namespace postern {

namespace {

http::Router http_router(const Settings& settings, const Services& services) {
  http::Router router;
  http::add_service_routes(router);
  if (settings.admin.enabled) {
    admin::add_routes(router, settings, services, admin::Trust::proven);
    web::add_page_routes(router);
  } else {
    http::add_front_without_pages(router);
  }
  if (settings.activesync.enabled) activesync::add_routes(router, settings, services);
  health::add_health_routes(router, settings, services);
  autoconfig::add_autodiscover_routes(router, settings, services);
  if (settings.autoconfig.enabled) autoconfig::add_mail_program_routes(router, settings, services);
  return router;
}

void add_demo(http::Router& router, const Settings& settings, const Services& services,
              demo::Mailbox mailbox) {
  web::add_demo_page_route(router);
  demo::add_demo_routes(router, settings, services, std::move(mailbox));
}

// The machine's own: it works when nobody can sign in any more.
void add_admin_socket(std::vector<std::unique_ptr<FrontEnd>>& doors, const Settings& settings,
                      const Services& services) {
  const std::string path = admin::socket_path(settings);
  if (path.empty()) return;
  Endpoint endpoint;
  endpoint.address = "unix:" + path;
  endpoint.owner_only = true;
  http::Router router;
  admin::add_routes(router, settings, services, admin::Trust::socket);
  doors.push_back(std::make_unique<http::HttpFrontEnd>(settings, services.loop, services.clock, services.log,
                                                       std::vector<Endpoint>{endpoint}, std::move(router),
                                                       services.metrics, "admin"));
}

}  // namespace

std::vector<std::unique_ptr<FrontEnd>> make_front_ends(const Settings& settings, Services services,
                                                       std::optional<demo::Mailbox> demo) {
  std::vector<std::unique_ptr<FrontEnd>> doors;
  if (settings.lmtp.enabled) doors.push_back(std::make_unique<lmtp::LmtpFrontEnd>(settings, services));
  if (settings.pop3.enabled) doors.push_back(std::make_unique<pop3::Pop3FrontEnd>(settings, services));
  if (settings.imap.enabled) doors.push_back(std::make_unique<imap::ImapFrontEnd>(settings, services));
  if (settings.http.enabled) {
    http::Router router = http_router(settings, services);
    if (demo) add_demo(router, settings, services, *std::move(demo));
    doors.push_back(std::make_unique<http::HttpFrontEnd>(
        settings, services.loop, services.clock, services.log,
        endpoints_from(settings.http.endpoints, "http/1.1"), std::move(router), services.metrics));
  }
  // Without a next hop nothing that a user sends would ever leave.
  const bool can_send = settings.submission.enabled && !settings.relay.host.empty();
  if (can_send) doors.push_back(std::make_unique<submission::SubmissionFrontEnd>(settings, services));
  if (!settings.submission.auth_socket.empty())
    doors.push_back(std::make_unique<submission::AuthSocket>(settings, services));
  add_admin_socket(doors, settings, services);
  return doors;
}

}  // namespace postern
