// What a mail program must know of our servers, from the settings: the one source of Mozilla's autoconfig,
// Apple's profiles and the records of the DNS. Only doors that are on, and only endpoints with TLS.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace postern::autoconfig {

enum class MailService : std::uint8_t { imap, pop3, submission };

struct ClientServer {
  ClientServer(MailService s, std::string h, std::uint16_t p, bool i)
      : service(s), host(std::move(h)), port(p), implicit_tls(i) {}
  MailService service;
  std::string host;
  std::uint16_t port;
  bool implicit_tls;  // else STARTTLS, which must succeed
};

struct ClientSettings {
  std::string domain;
  std::string provider;               // its name for people
  std::vector<ClientServer> servers;  // IMAP first; of a service those with implicit TLS first (RFC 8314)
  std::string http_host;              // of this door, as phones and browsers reach it
  std::optional<std::uint16_t> https_port;
  bool mobile_sync = false;
  std::vector<std::string> mx_hosts;
  std::string mta_sts;             // none, testing, enforce
  std::string tls_report_address;  // or empty

  // The first of a service; nullptr: the server does not have it.
  const ClientServer* find(MailService service) const;
};

ClientSettings client_settings(const Settings& settings, std::string_view domain);

// RFC 8461 §3.2; empty: there is no policy.
std::string mta_sts_policy(const ClientSettings& settings);

// For text and attributes of XML. Octets that XML 1.0 forbids become question marks.
std::string xml_escaped(std::string_view text);

}  // namespace postern::autoconfig
