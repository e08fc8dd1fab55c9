// postern doctor: looks at everything that has to be well, and says how to mend what is not.
#include <algorithm>
#include <cstdio>

#include "gateway/cli/command_line.h"
#include "gateway/cli/doctor_checks.h"
#include "gateway/cli/doctor_dns.h"
#include "gateway/cli/run_task.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

void append(Findings& findings, Findings more) {
  for (Finding& finding : more) findings.push_back(std::move(finding));
}

Task<Findings> database_findings(postgres::Database& database, bool recount) {
  Findings findings = co_await check_database(database);
  if (recount) append(findings, co_await check_counters(database));
  co_await database.close();
  co_return findings;
}

struct DoctorOptions {
  bool recount = false;
  std::vector<std::string> dns_domains;
  std::string dns_server;
};

Findings examine(const Settings& settings, const std::string& file, const DoctorOptions& options) {
  Findings findings;
  findings.emplace_back("settings", Health::ok, file + " is sound");
  append(findings, check_certificates(settings, Clock().now()));
  append(findings, check_data_directory(settings));
  Loop loop;
  append(findings, run_to_end(loop, check_ports(loop, settings)));
  for (const std::string& domain : options.dns_domains) {
    append(findings, check_dns(settings, domain, parse_dns_server(options.dns_server)));
  }
  auto access = open_database(settings, Log::silent());
  if (!access) {
    findings.emplace_back("database", Health::problem, access.error().detail,
                          "mend what it says, or name another in database.url");
    return findings;
  }
  if (access->embedded) {
    findings.emplace_back("embedded database", Health::warning, "not running; started for this check only",
                          "start postern serve");
  }
  postgres::Database database(loop, access->conninfo, settings.database, Log::silent());
  append(findings, run_to_end(loop, database_findings(database, options.recount)));
  return findings;
}

void print(OutputFormat format, const Findings& findings) {
  if (format != OutputFormat::table) {
    std::vector<Json> rows;
    for (const Finding& finding : findings) {
      Json row;
      row["check"] = finding.check;
      row["state"] = name_of(finding.health);
      row["text"] = finding.text;
      row["mend"] = finding.mend;
      rows.push_back(std::move(row));
    }
    print_rows(format, {"check", "state", "text", "mend"}, rows);
    return;
  }
  for (const Finding& finding : findings) {
    std::printf("%-8s %-17s %s\n", std::string(name_of(finding.health)).c_str(), finding.check.c_str(),
                finding.text.c_str());
    if (!finding.mend.empty()) std::printf("%-8s %-17s -> %s\n", "", "", finding.mend.c_str());
  }
}

}  // namespace

void add_doctor(CommandLine& line) {
  const auto asked = std::make_shared<DoctorOptions>();
  CLI::App& command = line.command(
      "doctor", "Check settings, database, ports, certificates, disk and clock",
      [asked](const CommonOptions& options) {
        const auto settings = settings_or_complaint(options);
        if (!settings) return ExitCode::configuration;
        const Findings findings = examine(*settings, config_file(options), *asked);
        print(options.output, findings);
        const bool sick = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
          return finding.health == Health::problem;
        });
        return sick ? ExitCode::failed : ExitCode::ok;
      });
  command.add_flag("--recount", asked->recount, "Also add up all mail and compare the counters with it");
  auto* domains =
      command.add_option("--dns", asked->dns_domains, "Also ask the DNS about this domain; repeatable");
  domains->type_name("DOMAIN");
  command
      .add_option("--dns-server", asked->dns_server,
                  "Whom to ask, e.g. 192.0.2.53 or 127.0.0.1:5353; else as this machine does")
      ->needs(domains)
      ->type_name("ADDRESS")
      ->check([](const std::string& text) {
        return parse_dns_server(text) ? std::string() : "expected an IPv4 address, or address:port";
      });
}

}  // namespace postern::cli
