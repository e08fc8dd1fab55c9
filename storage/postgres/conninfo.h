// A libpq connection string taken apart into its hosts, so that each is tried by itself: libpq would resolve
// names on the loop, and its non-blocking connect never gives up on a host that does not answer. Adds the
// settings without which a dead network is noticed after hours (PostgreSQL 15 documentation, 34.1.2).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/settings.h"
#include "gateway/base/result.h"

namespace postern::postgres {

// One server. A name needs resolving; a unix socket's directory and a literal address do not.
struct DatabaseHost {
  std::string host;     // as configured; certificates are checked against it
  std::string address;  // hostaddr, as configured; empty: resolve host
  std::string port;
  bool is_unix_socket() const;
  bool needs_resolving() const { return address.empty() && !is_unix_socket(); }
};

class Conninfo {
 public:
  // invalid: libpq does not understand it. Unset hosts come from libpq's own defaults (PGHOST …).
  static Result<Conninfo> parse(const std::string& text, const DatabaseSettings& settings);

  const std::vector<DatabaseHost>& hosts() const { return hosts_; }
  // For PQconnectStartParams, for one server: host.address must be known unless it is a unix socket.
  // `more_options` are further "-c name=value" for the session.
  using Words = std::vector<std::pair<std::string, std::string>>;
  Words words(const DatabaseHost& host, const std::string& more_options) const;

 private:
  Conninfo() = default;
  std::vector<DatabaseHost> hosts_;
  Words common_;
  std::string own_options_;      // what the connection string says
  std::string options_;          // ours, before it, so that the administrator has the last word
  std::string network_options_;  // ours, over TCP
};

}  // namespace postern::postgres
