#include "gateway/cli/doctor_checks.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "gateway/base/text.h"
#include "gateway/cli/output.h"
#include "gateway/net/certificate_expiry.h"
#include "gateway/net/connect.h"
#include "gateway/net/socket.h"
#include "gateway/net/tls_context.h"
#include "storage/postgres/health.h"
#include "storage/postgres/migrate.h"
#include "storage/postgres/recount.h"

namespace postern::cli {

namespace {

constexpr std::chrono::days kExpiryWarning{14};
constexpr std::uint64_t kSpaceWarningOctets = std::uint64_t{5} << 30;
constexpr std::uint64_t kSpaceProblemOctets = std::uint64_t{500} << 20;
constexpr std::chrono::seconds kClockWarning{2};
constexpr std::chrono::seconds kClockProblem{60};
constexpr Milliseconds kConnectLimit{2000};

Finding check_certificate(const CertificateSettings& files, WallTime now) {
  const std::string& file = files.certificate_file;
  const auto loaded = TlsContext::load({{file, files.key_file, files.server_names}});
  if (!loaded) {
    return Finding("certificate", Health::problem, loaded.error().detail,
                   "name a readable PEM certificate and its key in tls.certificates");
  }
  const auto expiry = certificate_expiry(file);
  if (!expiry) return Finding("certificate", Health::problem, expiry.error().detail, "renew the certificate");
  const auto days = std::chrono::floor<std::chrono::days>(*expiry - now).count();
  if (*expiry <= now) {
    return Finding("certificate", Health::problem, file + " has expired",
                   "renew it, then reload with SIGHUP; clients refuse to connect");
  }
  const std::string text = fmt::format("{}: valid for {} more days", file, days);
  if (*expiry - now < kExpiryWarning) {
    return Finding("certificate", Health::warning, text, "renew it, then reload with SIGHUP");
  }
  return Finding("certificate", Health::ok, text);
}

std::string address_to_try(const std::string& listening) {
  if (listening == "0.0.0.0") return "127.0.0.1";
  if (listening == "::" || listening == "*") return "::1";
  return listening;
}

Task<Finding> check_port(Loop& loop, std::string door, EndpointSettings endpoint) {
  const bool unix_socket = is_unix_path(endpoint.address);
  const std::string place =
      unix_socket ? endpoint.address : fmt::format("{} port {}", endpoint.address, endpoint.port);
  const Deadline deadline = Deadline::after(kConnectLimit);
  Result<std::unique_ptr<ByteStream>> stream = Error(ErrorKind::unavailable);
  if (unix_socket) {
    std::string path = endpoint.address.substr(endpoint.address.find(':') + 1);
    stream = co_await connect_unix(loop, std::move(path), deadline);
  } else {
    std::string address = address_to_try(endpoint.address);
    stream = co_await connect_tcp(loop, std::move(address), endpoint.port, deadline);
  }
  if (stream) {
    (*stream)->close();
    co_return Finding(door, Health::ok, "listening at " + place);
  }
  co_return Finding(door, Health::problem, "nobody answers at " + place,
                    "start postern serve; if it runs, its log says why it could not bind");
}

Finding check_durability(const postgres::DatabaseHealth& health) {
  if (!health.fsync || !health.full_page_writes || health.synchronous_commit == "off") {
    return Finding(
        "durability", Health::problem,
        fmt::format("fsync {}, full_page_writes {}, synchronous_commit {}", health.fsync ? "on" : "off",
                    health.full_page_writes ? "on" : "off", health.synchronous_commit),
        "switch all three on in postgresql.conf: acknowledged mail would be lost in a power cut");
  }
  return Finding("durability", Health::ok, "what is acknowledged is on disk");
}

Finding check_clock(WallTime database_now, WallTime now) {
  const auto apart = std::chrono::abs(now - database_now);
  const auto seconds = std::chrono::duration<double>(apart).count();
  const std::string text = fmt::format("{:.1f} s apart from the database's", seconds);
  if (apart < kClockWarning) return Finding("clock", Health::ok, text);
  return Finding("clock", apart < kClockProblem ? Health::warning : Health::problem, text,
                 "let NTP set the clocks of both machines");
}

Finding check_schema(const Result<postgres::MigrationPlan>& plan) {
  if (!plan)
    return Finding("schema", Health::problem, plan.error().detail, "run the program that made this schema");
  if (plan->pending.empty()) return Finding("schema", Health::ok, "up to date");
  return Finding("schema", Health::problem, fmt::format("{} migrations are pending", plan->pending.size()),
                 "run postern migrate");
}

}  // namespace

std::string_view name_of(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::warning: return "warning";
    case Health::problem: return "problem";
  }
  return "problem";
}

Findings check_certificates(const Settings& settings, WallTime now) {
  Findings findings;
  for (const CertificateSettings& files : settings.tls.certificates) {
    findings.push_back(check_certificate(files, now));
  }
  if (findings.empty()) {
    findings.emplace_back("certificate", Health::warning, "none: only this machine may log in, unencrypted",
                          "name a certificate in tls.certificates");
  }
  return findings;
}

Findings check_data_directory(const Settings& settings) {
  const std::string& directory = settings.server.data_directory;
  Findings findings;
  std::error_code failure;
  const auto space = std::filesystem::space(directory, failure);
  if (failure || ::access(directory.c_str(), W_OK | X_OK) != 0) {
    findings.emplace_back("data directory", Health::problem, directory + " is missing or not writable",
                          "create it for the user that runs postern serve");
    return findings;
  }
  const std::string text = directory + ": " + octets_text(space.available) + " free";
  const Health health = space.available < kSpaceProblemOctets   ? Health::problem
                        : space.available < kSpaceWarningOctets ? Health::warning
                                                                : Health::ok;
  findings.emplace_back("data directory", health, text, health == Health::ok ? "" : "make room");
  return findings;
}

Task<Findings> check_ports(Loop& loop, Settings settings) {
  std::vector<std::pair<std::string, EndpointSettings>> endpoints;
  const auto collect = [&](bool enabled, const char* door, const std::vector<EndpointSettings>& of_door) {
    if (!enabled) return;
    for (const EndpointSettings& endpoint : of_door) endpoints.emplace_back(door, endpoint);
  };
  collect(settings.lmtp.enabled, "lmtp", settings.lmtp.endpoints);
  collect(settings.pop3.enabled, "pop3", settings.pop3.endpoints);
  collect(settings.imap.enabled, "imap", settings.imap.endpoints);
  collect(settings.http.enabled, "http", settings.http.endpoints);
  const bool can_send = settings.submission.enabled && !settings.relay.host.empty();
  collect(can_send, "submission", settings.submission.endpoints);
  Findings findings;
  for (auto& entry : endpoints) {
    Finding finding = co_await check_port(loop, entry.first, entry.second);
    findings.push_back(std::move(finding));
  }
  co_return findings;
}

Task<Findings> check_database(postgres::Database& database) {
  Findings findings;
  const auto health = co_await postgres::database_health(database);
  const WallTime now = Clock().now();
  if (!health) {
    findings.emplace_back("database", Health::problem, health.error().detail,
                          "start PostgreSQL, or correct database.url");
    co_return findings;
  }
  const bool recent = health->version_number >= postgres::kServerVersionMin;
  const bool writable = !health->in_recovery;
  findings.emplace_back("database", recent && writable ? Health::ok : Health::problem,
                        "PostgreSQL " + health->version + (writable ? "" : ", a standby"),
                        !recent     ? "upgrade to PostgreSQL 15 or later"
                        : !writable ? "name the primary in database.url"
                                    : "");
  findings.push_back(check_durability(*health));
  findings.push_back(check_clock(health->now, now));
  const auto plan = co_await postgres::plan_migrations(database);
  findings.push_back(check_schema(plan));
  co_return findings;
}

Task<Findings> check_counters(postgres::Database& database) {
  Findings findings;
  const auto drifts = co_await postgres::recount_all(database);
  if (!drifts) {
    findings.emplace_back("counters", Health::problem, drifts.error().detail,
                          "run it again when the database answers");
    co_return findings;
  }
  for (const postgres::Drift& drift : *drifts) {
    std::string place = "account " + std::to_string(raw(drift.account));
    if (drift.mailbox) place += ", mailbox " + std::to_string(raw(*drift.mailbox));
    findings.emplace_back("counters", Health::problem,
                          place + ": " + drift.what + " is " + std::to_string(drift.stored) + ", counted " +
                              std::to_string(drift.counted),
                          "this is a bug in Postern: please report it");
  }
  if (drifts->empty()) findings.emplace_back("counters", Health::ok, "all are what the mail adds up to");
  co_return findings;
}

}  // namespace postern::cli
