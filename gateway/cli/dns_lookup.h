// A question to the DNS, blocking, for commands: the C library's stub resolver (resolver(3)), with the
// servers of this machine or one that is named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace postern::cli {

struct DnsServer {
  std::string address;  // IPv4
  std::uint16_t port = 53;
};
// "192.0.2.53" or "127.0.0.1:5353".
std::optional<DnsServer> parse_dns_server(const std::string& text);

// Values as in a master file, names in lower case with their final dot; empty: there is no such record.
// Types: MX, SRV, CNAME, TXT, A, AAAA. invalid: another type, or no name. unavailable: no server answers.
Result<std::vector<std::string>> dns_lookup(const std::string& name, const std::string& type,
                                            const std::optional<DnsServer>& server);

}  // namespace postern::cli
