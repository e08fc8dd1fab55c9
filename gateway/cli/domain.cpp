// postern domain: who we take mail for.
#include "gateway/cli/command_line.h"
#include "gateway/cli/with_store.h"
#include "protocols/autoconfig/dns_records.h"
#include "storage/model/account.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples = R"(  postern domain add example.org
  postern domain add example.org --tenant "Example Ltd." --plan standard
  postern domain list --output json
  postern domain catch-all example.org joe@example.org
  postern domain catch-all example.org --none
  postern domain dns example.org             what its DNS should say; `doctor --dns` checks it
)";

struct DomainOptions {
  std::string name;
  std::string tenant = "default";
  std::string plan = "standard";
  std::string address;
  bool none = false;
};

Json json_of(const Domain& domain) {
  Json record;
  record["domain"] = domain.name;
  record["plan"] = domain.plan;
  record["accounts"] = domain.accounts;
  record["catch_all"] = domain.catch_all ? Json(*domain.catch_all) : Json();
  return record;
}

// A tenant is made when its first domain is.
Task<Result<Tenant>> tenant_named(Directory& directory, std::string name) {
  auto found = co_await directory.find_tenant(name);
  if (found || found.error().kind != ErrorKind::not_found) co_return found;
  co_return co_await directory.create_tenant(std::move(name));
}

Task<Result<void>> add(StoreSession& session, OutputFormat format, const DomainOptions& options) {
  CO_TRY(const Tenant tenant, co_await tenant_named(session.store.directory(), options.tenant));
  CO_TRY(const Domain domain,
         co_await session.store.directory().create_domain(tenant.id, options.name, options.plan));
  print_done(format, "Domain " + domain.name + " added, on plan " + domain.plan + ".", json_of(domain));
  co_return Result<void>();
}

Task<Result<void>> list(StoreSession& session, OutputFormat format) {
  CO_TRY(const std::vector<Domain> domains, co_await session.store.directory().list_domains());
  std::vector<Json> rows;
  for (const Domain& domain : domains) rows.push_back(json_of(domain));
  const std::vector<std::string> columns{"domain", "plan", "accounts", "catch_all"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, const DomainOptions& options) {
  CO_TRY(const Domain domain, co_await session.store.directory().find_domain(options.name));
  print_record(format, json_of(domain));
  co_return Result<void>();
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, const DomainOptions& options) {
  CO_TRY_VOID(co_await session.store.directory().delete_domain(options.name));
  Json record;
  record["deleted"] = options.name;
  print_done(format, "Domain " + options.name + " deleted, with its aliases.", record);
  co_return Result<void>();
}

Task<Result<void>> catch_all(StoreSession& session, OutputFormat format, const DomainOptions& options) {
  std::optional<std::string> address;
  if (!options.none) address = options.address;
  CO_TRY_VOID(co_await session.store.directory().set_catch_all(options.name, std::move(address)));
  CO_TRY(const Domain domain, co_await session.store.directory().find_domain(options.name));
  const std::string sentence =
      domain.catch_all ? "Mail for unknown users of " + domain.name + " goes to " + *domain.catch_all + "."
                       : "Mail for unknown users of " + domain.name + " is refused.";
  print_done(format, sentence, json_of(domain));
  co_return Result<void>();
}

// Asks no database: what programs should find depends on the settings and the name.
ExitCode dns(const CommonOptions& common, const DomainOptions& options) {
  const auto settings = settings_or_complaint(common);
  if (!settings) return ExitCode::configuration;
  // A domain is what may stand behind an at sign.
  const auto address = parse_address("postmaster@" + options.name);
  if (!address) {
    print_error(common.output, Error(ErrorKind::invalid, "not a domain: " + options.name));
    return ExitCode::failed;
  }
  std::vector<Json> rows;
  for (const auto& record :
       autoconfig::dns_records(autoconfig::client_settings(*settings, address->domain))) {
    Json row;
    row["name"] = record.name;
    row["type"] = record.type;
    row["value"] = record.value;
    row["purpose"] = record.purpose;
    rows.push_back(std::move(row));
  }
  print_rows(common.output, {"name", "type", "value", "purpose"}, rows);
  return ExitCode::ok;
}

}  // namespace

void add_domain(CommandLine& line) {
  const auto options = std::make_shared<DomainOptions>();
  CLI::App& noun = line.noun("domain", "Domains that mail is taken for", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, const DomainOptions&);
  const auto body = [options](Action action) -> CommandLine::Body {
    return [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    };
  };
  CLI::App& adding = line.verb(noun, "add", "Take mail for a domain", body(add));
  adding.add_option("name", options->name, "Domain")->required();
  adding.add_option("--tenant", options->tenant, "Who it belongs to; made if new")->capture_default_str();
  adding.add_option("--plan", options->plan, "Plan: features and quota of its accounts")
      ->capture_default_str();
  line.verb(noun, "list", "All domains", [](const CommonOptions& common) {
    return with_store(common, [&](StoreSession& session) { return list(session, common.output); });
  });
  line.verb(noun, "show", "One domain", body(show)).add_option("name", options->name, "Domain")->required();
  line.verb(noun, "dns", "What the DNS of a domain should say",
            [options](const CommonOptions& common) { return dns(common, *options); })
      .add_option("name", options->name, "Domain")
      ->required();
  line.verb(noun, "delete", "Give up a domain without accounts", body(remove))
      .add_option("name", options->name, "Domain")
      ->required();
  CLI::App& catching =
      line.verb(noun, "catch-all", "Who gets mail for users that do not exist", body(catch_all));
  catching.add_option("name", options->name, "Domain")->required();
  auto* address = catching.add_option("address", options->address, "Account or alias");
  auto* none = catching.add_flag("--none", options->none, "Nobody: refuse it")->excludes(address);
  catching.callback([&line, address, none, run = body(catch_all)] {
    if (address->count() + none->count() == 0) throw CLI::RequiredError("an address or --none");
    line.choose(run);
  });
}

}  // namespace postern::cli
