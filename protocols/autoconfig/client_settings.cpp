#include "protocols/autoconfig/client_settings.h"

#include <algorithm>

#include "protocols/shared/host_name.h"

namespace postern::autoconfig {

namespace {

constexpr unsigned kPolicyLifeS = 7 * 86400;

void add(std::vector<ClientServer>& servers, MailService service, const std::string& host,
         const std::vector<EndpointSettings>& endpoints) {
  for (const char* mode : {"implicit", "starttls"}) {
    for (const EndpointSettings& endpoint : endpoints) {
      if (endpoint.tls == mode)
        servers.emplace_back(service, host, endpoint.port, endpoint.tls == "implicit");
    }
  }
}

}  // namespace

const ClientServer* ClientSettings::find(MailService service) const {
  const auto found = std::find_if(servers.begin(), servers.end(),
                                  [service](const ClientServer& one) { return one.service == service; });
  return found == servers.end() ? nullptr : &*found;
}

ClientSettings client_settings(const Settings& settings, std::string_view domain) {
  const AutoconfigSettings& given = settings.autoconfig;
  const std::string machine = host_name(settings.server);
  ClientSettings out;
  out.domain = domain;
  out.provider = given.provider.empty() ? out.domain : given.provider;
  out.http_host = settings.http.public_host.empty() ? machine : settings.http.public_host;
  const auto host = [&out](const std::string& own) { return own.empty() ? out.http_host : own; };
  if (settings.imap.enabled)
    add(out.servers, MailService::imap, host(given.imap_host), settings.imap.endpoints);
  if (settings.pop3.enabled)
    add(out.servers, MailService::pop3, host(given.pop3_host), settings.pop3.endpoints);
  // The door is open only if there is a next hop (front_ends.cpp).
  if (settings.submission.enabled && !settings.relay.host.empty()) {
    add(out.servers, MailService::submission, host(given.submission_host), settings.submission.endpoints);
  }
  if (settings.http.enabled) {
    for (const EndpointSettings& endpoint : settings.http.endpoints) {
      if (endpoint.tls == "implicit" && !out.https_port) out.https_port = endpoint.port;
    }
  }
  out.mobile_sync = out.https_port && settings.activesync.enabled;
  out.mx_hosts = given.mx_hosts;
  if (out.mx_hosts.empty()) out.mx_hosts.push_back(machine);
  out.mta_sts = given.mta_sts;
  out.tls_report_address = given.tls_report_address;
  return out;
}

std::string mta_sts_policy(const ClientSettings& settings) {
  if (settings.mta_sts == "none") return {};
  std::string policy = "version: STSv1\r\nmode: " + settings.mta_sts + "\r\n";
  for (const std::string& host : settings.mx_hosts) policy += "mx: " + host + "\r\n";
  return policy + "max_age: " + std::to_string(kPolicyLifeS) + "\r\n";
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return out;
}

}  // namespace postern::autoconfig
