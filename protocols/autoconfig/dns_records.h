// What the DNS of a domain should say so that mail arrives and programs find their servers: MX, SRV (RFC
// 6186, RFC 8314), Autodiscover, autoconfig, MTA-STS (RFC 8461), TLS reports (RFC 8460). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/autoconfig/client_settings.h"

namespace postern::autoconfig {

struct DnsRecord {
  DnsRecord(std::string n, std::string t, std::string v, std::string p)
      : name(std::move(n)), type(std::move(t)), value(std::move(v)), purpose(std::move(p)) {}
  std::string name;   // with its final dot
  std::string type;   // MX, SRV, CNAME, TXT
  std::string value;  // as in a master file (RFC 1035 §5.1)
  std::string purpose;
};

std::vector<DnsRecord> dns_records(const ClientSettings& settings);

}  // namespace postern::autoconfig
