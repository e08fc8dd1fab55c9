#include "storage/postgres/conninfo.h"

#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <memory>

#include "gateway/base/text.h"

namespace postern::postgres {

namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
using Values = std::map<std::string, std::string>;

Values values_of(const PQconninfoOption* options) {
  Values values;
  for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0') values[option->keyword] = option->val;
  }
  return values;
}

std::string take(Values& values, const std::string& key) {
  const auto node = values.extract(key);
  return node.empty() ? std::string() : node.mapped();
}

std::vector<std::string> list(const std::string& value) {
  std::vector<std::string> items;
  for (const std::string_view item : text::split(value, ',')) items.emplace_back(text::trim(item));
  return items;
}

std::string setting(const char* name, std::uint64_t value) {
  return std::string(" -c ") + name + "=" + std::to_string(value);
}

Result<std::vector<DatabaseHost>> hosts_of(const std::string& host, const std::string& address,
                                           const std::string& port) {
  const std::vector<std::string> hosts = list(host);
  const std::vector<std::string> addresses = list(address);
  const std::vector<std::string> ports = list(port);
  const std::size_t count = address.empty() ? hosts.size() : addresses.size();
  if (!address.empty() && !host.empty() && hosts.size() != addresses.size()) {
    return Error(ErrorKind::invalid, "host and hostaddr name different numbers of servers");
  }
  if (ports.size() != 1 && ports.size() != count) {
    return Error(ErrorKind::invalid, "port names a different number of servers than host");
  }
  std::vector<DatabaseHost> out;
  for (std::size_t i = 0; i < count; ++i) {
    DatabaseHost entry;
    entry.host = host.empty() ? std::string() : hosts[i];
    entry.address = address.empty() ? std::string() : addresses[i];
    entry.port = ports.size() == 1 ? ports[0] : ports[i];
    if (entry.host.empty() && entry.address.empty()) entry.host = "localhost";
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace

bool DatabaseHost::is_unix_socket() const {
  return address.empty() && (host[0] == '/' || host[0] == '@');
}

Result<Conninfo> Conninfo::parse(const std::string& text, const DatabaseSettings& settings) {
  char* complaint = nullptr;
  const Options parsed(PQconninfoParse(text.c_str(), &complaint), &PQconninfoFree);
  const std::string reason = complaint == nullptr ? std::string() : std::string(complaint);
  PQfreemem(complaint);
  if (!parsed) return Error(ErrorKind::invalid, "database url: " + std::string(text::trim(reason)));

  Values values = values_of(parsed.get());
  const Options defaults(PQconndefaults(), &PQconninfoFree);
  Values fallback = values_of(defaults.get());
  std::string host = take(values, "host");
  std::string address = take(values, "hostaddr");
  std::string port = take(values, "port");
  if (host.empty() && address.empty()) {
    host = take(fallback, "host");
    address = take(fallback, "hostaddr");
  }
  // Debian's place for the socket; libpq itself would look there too.
  if (host.empty() && address.empty()) host = "/var/run/postgresql";
  if (port.empty()) port = take(fallback, "port");

  Conninfo info;
  TRY(info.hosts_, hosts_of(host, address, port.empty() ? "5432" : port));
  info.own_options_ = take(values, "options");
  values.erase("service");

  const std::string network_s = std::to_string(std::max(settings.network_timeout_s, 1U));
  const std::uint64_t network_ms = std::uint64_t{settings.network_timeout_s} * 1000;
  if (!settings.password.empty()) values.emplace("password", std::string(settings.password.reveal()));
  values.emplace("target_session_attrs", "read-write");
  values.emplace("application_name", "postern");
  // Looking for Kerberos credentials may block; who needs them says so.
  values.emplace("gssencmode", "disable");
  values.emplace("keepalives_idle", network_s);
  values.emplace("keepalives_interval", std::to_string(std::max(settings.network_timeout_s / 3, 1U)));
  values.emplace("keepalives_count", "3");
  // Keepalives do not notice a dead network while octets are unacknowledged.
  values.emplace("tcp_user_timeout", std::to_string(network_ms));
  values["client_encoding"] = "UTF8";
  info.common_.assign(values.begin(), values.end());

  // The server's side of the same: a lost client must not keep locks.
  info.options_ = setting("idle_in_transaction_session_timeout", 2 * network_ms) +
                  setting("statement_timeout", std::uint64_t{settings.statement_timeout_s} * 1000) +
                  setting("lock_timeout", std::uint64_t{settings.lock_timeout_s} * 1000) +
                  setting("client_connection_check_interval", network_ms) +
                  // Planned once: our statements know their indexes, whatever the parameters.
                  " -c plan_cache_mode=force_generic_plan";
  info.network_options_ = setting("tcp_user_timeout", network_ms) +
                          setting("tcp_keepalives_idle", settings.network_timeout_s) +
                          setting("tcp_keepalives_interval", std::max(settings.network_timeout_s / 3, 1U)) +
                          setting("tcp_keepalives_count", 3);
  return info;
}

Conninfo::Words Conninfo::words(const DatabaseHost& host, const std::string& more_options) const {
  Words words = common_;
  if (!host.host.empty()) words.emplace_back("host", host.host);
  if (!host.address.empty()) words.emplace_back("hostaddr", host.address);
  words.emplace_back("port", host.port);
  std::string options = options_;
  if (!host.is_unix_socket()) options += network_options_;
  words.emplace_back("options", options + " " + more_options + " " + own_options_);
  return words;
}

}  // namespace postern::postgres
