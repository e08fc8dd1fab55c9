// The checks of `postern doctor --dns`: does the DNS say what `postern domain dns` prints?
#pragma once

#include "gateway/cli/dns_lookup.h"
#include "gateway/cli/doctor_checks.h"
#include "protocols/autoconfig/dns_records.h"

namespace postern::cli {

// Blocking.
Findings check_dns(const Settings& settings, const std::string& domain,
                   const std::optional<DnsServer>& server);

// Whether what the DNS says will do: a priority or weight of the administrator's own is as good. Pure.
bool is_as_good(const autoconfig::DnsRecord& wanted, const std::string& found);

}  // namespace postern::cli
