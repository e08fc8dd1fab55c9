#include "protocols/autoconfig/dns_records.h"

#include <fmt/format.h>

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"

namespace postern::autoconfig {

namespace {

constexpr unsigned kMxPreference = 10;
constexpr std::size_t kPolicyIdDigits = 16;

// RFC 8314 §5: names that end in "s" mean implicit TLS.
const char* service_label(const ClientServer& one) {
  switch (one.service) {
    case MailService::imap: return one.implicit_tls ? "_imaps" : "_imap";
    case MailService::pop3: return one.implicit_tls ? "_pop3s" : "_pop3";
    case MailService::submission: return one.implicit_tls ? "_submissions" : "_submission";
  }
  return "_imap";
}

}  // namespace

std::vector<DnsRecord> dns_records(const ClientSettings& settings) {
  std::vector<DnsRecord> records;
  const std::string domain = settings.domain + ".";
  const std::string web = settings.http_host + ".";
  unsigned preference = kMxPreference;
  for (const std::string& host : settings.mx_hosts) {
    records.emplace_back(domain, "MX", fmt::format("{} {}.", preference, host), "mail for the domain");
    preference += kMxPreference;
  }
  for (const ClientServer& one : settings.servers) {
    // Which of several a program takes is the order in which it asks; POP3 comes after IMAP (RFC 6186 §3.4).
    const unsigned priority = one.service == MailService::pop3 ? 10 : 0;
    records.emplace_back(fmt::format("{}._tcp.{}", service_label(one), domain), "SRV",
                         fmt::format("{} 1 {} {}.", priority, one.port, one.host), "mail programs");
  }
  if (settings.https_port) {
    if (settings.mobile_sync) {
      records.emplace_back("autodiscover." + domain, "CNAME", web, "phones");
      records.emplace_back("_autodiscover._tcp." + domain, "SRV",
                           fmt::format("0 0 {} {}", *settings.https_port, web), "phones and Outlook");
    }
    records.emplace_back("autoconfig." + domain, "CNAME", web, "Thunderbird and others");
  }
  const std::string policy = mta_sts_policy(settings);
  if (!policy.empty()) {
    records.emplace_back("mta-sts." + domain, "CNAME", web, "where the policy is");
    // Another policy, another id (RFC 8461 §3.1).
    records.emplace_back(
        "_mta-sts." + domain, "TXT",
        fmt::format("\"v=STSv1; id={}\"", text::hex(sha256(policy)).substr(0, kPolicyIdDigits)),
        "senders must use TLS");
  }
  if (!settings.tls_report_address.empty()) {
    records.emplace_back("_smtp._tls." + domain, "TXT",
                         fmt::format("\"v=TLSRPTv1; rua=mailto:{}\"", settings.tls_report_address),
                         "reports of senders about TLS");
  }
  return records;
}

}  // namespace postern::autoconfig
