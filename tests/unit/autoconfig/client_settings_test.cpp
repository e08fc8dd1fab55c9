// What mail programs and the DNS are told, from settings.
#include "protocols/autoconfig/client_settings.h"

#include <gtest/gtest.h>

#include <set>

#include "protocols/autoconfig/apple_profile.h"
#include "protocols/autoconfig/dns_records.h"
#include "protocols/autoconfig/mozilla.h"

namespace postern::autoconfig {
namespace {

Settings settings() {
  Settings given;
  given.server.hostname = "mx.example.net";
  given.http.public_host = "mail.example.net";
  given.relay.host = "smarthost.example.net";
  return given;
}

std::vector<std::string> lines(const Settings& given) {
  std::vector<std::string> out;
  for (const DnsRecord& one : dns_records(client_settings(given, "example.org"))) {
    out.push_back(one.name + " " + one.type + " " + one.value);
  }
  return out;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

TEST(ClientSettings, ImplicitTlsComesFirst) {
  const ClientSettings found = client_settings(settings(), "example.org");
  ASSERT_EQ(found.servers.size(), 6u);
  EXPECT_EQ(found.servers[0].port, 993);
  EXPECT_EQ(found.servers[1].port, 143);
  EXPECT_EQ(found.find(MailService::submission)->port, 465);
  EXPECT_EQ(found.find(MailService::submission)->host, "mail.example.net");
  EXPECT_EQ(found.provider, "example.org");
  EXPECT_EQ(found.https_port, 443);
  EXPECT_TRUE(found.mobile_sync);
}

TEST(ClientSettings, OnlyWhatIsServedIsTold) {
  Settings given = settings();
  given.relay.host.clear();
  given.pop3.enabled = false;
  given.imap.endpoints = {{"0.0.0.0", 143, "none", {}}};
  given.http.endpoints = {{"0.0.0.0", 80, "none", {}}};
  const ClientSettings found = client_settings(given, "example.org");
  EXPECT_TRUE(found.servers.empty()) << "no TLS, no door, no next hop";
  EXPECT_FALSE(found.mobile_sync);
  EXPECT_EQ(apple_profile(found, "joe@example.org", ProfileKind::imap).error().kind, ErrorKind::not_found);
  EXPECT_EQ(apple_profile(found, "joe@example.org", ProfileKind::mobile_sync).error().kind,
            ErrorKind::not_found);
  EXPECT_EQ(lines(given), (std::vector<std::string>{"example.org. MX 10 mx.example.net."}));
}

TEST(DnsRecords, AllOfThem) {
  Settings given = settings();
  given.autoconfig.mx_hosts = {"mx1.example.net", "mx2.example.net"};
  given.autoconfig.mta_sts = "testing";
  given.autoconfig.tls_report_address = "tls@example.net";
  std::vector<std::string> found = lines(given);
  ASSERT_EQ(found.size(), 14u);
  std::string& policy = found[12];
  EXPECT_TRUE(policy.starts_with("_mta-sts.example.org. TXT \"v=STSv1; id=")) << policy;
  EXPECT_EQ(policy.size(), std::string("_mta-sts.example.org. TXT \"v=STSv1; id=0123456789abcdef\"").size());
  policy = "policy";
  EXPECT_EQ(found, (std::vector<std::string>{
                       "example.org. MX 10 mx1.example.net.",
                       "example.org. MX 20 mx2.example.net.",
                       "_imaps._tcp.example.org. SRV 0 1 993 mail.example.net.",
                       "_imap._tcp.example.org. SRV 0 1 143 mail.example.net.",
                       "_pop3s._tcp.example.org. SRV 10 1 995 mail.example.net.",
                       "_pop3._tcp.example.org. SRV 10 1 110 mail.example.net.",
                       "_submissions._tcp.example.org. SRV 0 1 465 mail.example.net.",
                       "_submission._tcp.example.org. SRV 0 1 587 mail.example.net.",
                       "autodiscover.example.org. CNAME mail.example.net.",
                       "_autodiscover._tcp.example.org. SRV 0 0 443 mail.example.net.",
                       "autoconfig.example.org. CNAME mail.example.net.",
                       "mta-sts.example.org. CNAME mail.example.net.",
                       "policy",
                       "_smtp._tls.example.org. TXT \"v=TLSRPTv1; rua=mailto:tls@example.net\"",
                   }));
}

TEST(MtaSts, ThePolicyAndItsId) {
  Settings given = settings();
  EXPECT_EQ(mta_sts_policy(client_settings(given, "example.org")), "");
  given.autoconfig.mta_sts = "testing";
  EXPECT_EQ(mta_sts_policy(client_settings(given, "example.org")),
            "version: STSv1\r\nmode: testing\r\nmx: mx.example.net\r\nmax_age: 604800\r\n");
  const std::vector<std::string> testing = lines(given);
  EXPECT_EQ(lines(given), testing);
  given.autoconfig.mta_sts = "enforce";
  EXPECT_NE(lines(given), testing) << "another policy has another id";
}

TEST(Mozilla, NamesServersInOrder) {
  Settings given = settings();
  given.autoconfig.provider = "Tom & <Jerry>";
  const std::string xml = mozilla_config(client_settings(given, "example.org"));
  EXPECT_NE(xml.find("<emailProvider id=\"example.org\">"), std::string::npos);
  EXPECT_NE(xml.find("<displayName>Tom &amp; &lt;Jerry&gt;</displayName>"), std::string::npos);
  EXPECT_EQ(count(xml, "<incomingServer type=\"imap\">"), 2u);
  EXPECT_EQ(count(xml, "<incomingServer type=\"pop3\">"), 2u);
  EXPECT_EQ(count(xml, "<outgoingServer type=\"smtp\">"), 2u);
  EXPECT_LT(xml.find("<port>993</port>"), xml.find("<port>143</port>"));
  EXPECT_EQ(count(xml, "%EMAILADDRESS%"), 6u);
  EXPECT_EQ(count(xml, "<socketType>SSL</socketType>"), 3u);
  EXPECT_EQ(count(xml, "<socketType>STARTTLS</socketType>"), 3u);
}

TEST(AppleProfile, MailAndMobileSync) {
  const ClientSettings found = client_settings(settings(), "example.org");
  const auto mail = apple_profile(found, "joe@example.org", ProfileKind::imap);
  ASSERT_TRUE(mail);
  for (const char* part : {"<string>com.apple.mail.managed</string>", "<string>EmailTypeIMAP</string>",
                           "<key>IncomingMailServerPortNumber</key>\n<integer>993</integer>",
                           "<key>OutgoingMailServerPortNumber</key>\n<integer>465</integer>",
                           "<key>IncomingMailServerUsername</key>\n<string>joe@example.org</string>"}) {
    EXPECT_NE(mail->find(part), std::string::npos) << part << " in\n" << *mail;
  }
  EXPECT_EQ(mail->find("<key>IncomingPassword</key>"), std::string::npos) << "none is in it";
  const auto phone = apple_profile(found, "joe@example.org", ProfileKind::mobile_sync);
  ASSERT_TRUE(phone);
  EXPECT_NE(phone->find("<key>Host</key>\n<string>mail.example.net</string>"), std::string::npos);
}

TEST(AppleProfile, TheSameQuestionHasTheSameIdentifiers) {
  const ClientSettings found = client_settings(settings(), "example.org");
  EXPECT_EQ(*apple_profile(found, "joe@example.org", ProfileKind::imap),
            *apple_profile(found, "joe@example.org", ProfileKind::imap));
  std::set<std::string> all;
  for (const ProfileKind kind : {ProfileKind::imap, ProfileKind::pop3, ProfileKind::mobile_sync}) {
    for (const char* address : {"joe@example.org", "jane@example.org"}) {
      const std::string profile = *apple_profile(found, address, kind);
      for (std::size_t at = 0; (at = profile.find("PayloadUUID", at)) != std::string::npos; ++at) {
        const std::string uuid = profile.substr(profile.find("<string>", at) + 8, 36);
        EXPECT_EQ(uuid[14], '8') << uuid;
        all.insert(uuid);
      }
    }
  }
  EXPECT_EQ(all.size(), 12u) << "a profile and its account, each of its own";
}

TEST(Xml, Escapes) {
  EXPECT_EQ(xml_escaped("a<b>&\"'\x01\n\xc3\xa9"), "a&lt;b&gt;&amp;&quot;&apos;??\xc3\xa9");
}

}  // namespace
}  // namespace postern::autoconfig
