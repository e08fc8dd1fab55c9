#include "gateway/cli/doctor_dns.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::cli {

namespace {

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

// The words that matter: of an MX the host, of an SRV port and host, of others all.
std::string target_of(const std::string& type, const std::string& value) {
  const std::vector<std::string_view> words = text::split(value, ' ');
  const std::size_t wanted = type == "MX" ? 1 : type == "SRV" ? 2 : words.size();
  if (words.size() < wanted) return value;
  std::string target;
  for (std::size_t i = words.size() - wanted; i < words.size(); ++i) target += std::string(words[i]) + ' ';
  return text::to_lower(target);
}

// A name that should be an alias may have an address of its own.
bool has_address(const std::string& name, const std::optional<DnsServer>& server) {
  for (const char* type : {"A", "AAAA"}) {
    const auto found = dns_lookup(name, type, server);
    if (found && !found->empty()) return true;
  }
  return false;
}

Finding check_record(const autoconfig::DnsRecord& record, const std::optional<DnsServer>& server) {
  const auto found = dns_lookup(record.name, record.type, server);
  if (!found) return Finding("dns", Health::problem, found.error().detail, "name another with --dns-server");
  const bool good = std::any_of(found->begin(), found->end(),
                                [&](const std::string& one) { return is_as_good(record, one); });
  if (good) return Finding("dns", Health::ok, record.name + " " + record.type);
  if (found->empty() && record.type == "CNAME" && has_address(record.name, server)) {
    return Finding("dns", Health::ok, record.name + " has an address of its own");
  }
  const std::string text = record.name + (found->empty() ? " has no " + record.type
                                                         : " " + record.type + " says " + joined(*found));
  return Finding("dns", Health::warning, text + " (" + record.purpose + ")",
                 "publish: " + record.name + " " + record.type + " " + record.value);
}

}  // namespace

bool is_as_good(const autoconfig::DnsRecord& wanted, const std::string& found) {
  return target_of(wanted.type, wanted.value) == target_of(wanted.type, found);
}

Findings check_dns(const Settings& settings, const std::string& domain,
                   const std::optional<DnsServer>& server) {
  Findings findings;
  for (const auto& record :
       autoconfig::dns_records(autoconfig::client_settings(settings, text::to_lower(domain)))) {
    findings.push_back(check_record(record, server));
    // The others would not be answered either, each after its own wait.
    if (findings.back().health == Health::problem) break;
  }
  return findings;
}

}  // namespace postern::cli
