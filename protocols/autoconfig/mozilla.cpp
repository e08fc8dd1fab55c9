#include "protocols/autoconfig/mozilla.h"

#include <fmt/format.h>

namespace postern::autoconfig {

namespace {

std::string server(const ClientServer& one) {
  const bool outgoing = one.service == MailService::submission;
  const char* type = outgoing ? "smtp" : one.service == MailService::imap ? "imap" : "pop3";
  const char* element = outgoing ? "outgoingServer" : "incomingServer";
  return fmt::format(
      "    <{0} type=\"{1}\">\n"
      "      <hostname>{2}</hostname>\n"
      "      <port>{3}</port>\n"
      "      <socketType>{4}</socketType>\n"
      "      <username>%EMAILADDRESS%</username>\n"
      "      <authentication>password-cleartext</authentication>\n"
      "    </{0}>\n",
      element, type, xml_escaped(one.host), one.port, one.implicit_tls ? "SSL" : "STARTTLS");
}

}  // namespace

std::string mozilla_config(const ClientSettings& settings) {
  const std::string domain = xml_escaped(settings.domain);
  const std::string name = xml_escaped(settings.provider);
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<clientConfig version=\"1.1\">\n"
      "  <emailProvider id=\"{0}\">\n"
      "    <domain>{0}</domain>\n"
      "    <displayName>{1}</displayName>\n"
      "    <displayShortName>{1}</displayShortName>\n",
      domain, name);
  for (const ClientServer& one : settings.servers) xml += server(one);
  return xml + "  </emailProvider>\n</clientConfig>\n";
}

}  // namespace postern::autoconfig
