// postern administrator: who signs in to the page and holds tokens of the API. The first one is made here, or
// at the machine's own socket.
#include "gateway/async/worker.h"
#include "gateway/base/text.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/passwords.h"
#include "gateway/cli/with_store.h"
#include "protocols/shared/credentials.h"
#include "protocols/shared/digest.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern administrator add ann --role provider                     may do everything
  postern administrator add bob --role reseller --tenant Acme
  postern administrator add kim --role domain_admin --domain example.org
  postern administrator token ann --name backup --days 90           prints a new token, once
  postern administrator list
  postern administrator delete bob
)";

struct AdministratorOptions {
  std::string name;
  std::string role;
  std::string tenant;
  std::string domain;
  std::string token_name = "token";
  std::uint32_t days = 365;
  PasswordSource password;
};

std::vector<std::string> role_names() {
  std::vector<std::string> names;
  for (const Role role : {Role::provider, Role::reseller, Role::domain_admin, Role::domain_reader,
                          Role::help_desk, Role::billing}) {
    names.emplace_back(name_of(role));
  }
  return names;
}

Json json_of(const Administrator& administrator) {
  Json record;
  record["id"] = raw(administrator.id);
  record["name"] = administrator.name;
  record["role"] = name_of(administrator.role);
  record["tenant"] = administrator.reach.tenant ? Json(raw(*administrator.reach.tenant)) : Json();
  record["domain"] = administrator.domain ? Json(*administrator.domain) : Json();
  record["locked"] = administrator.locked;
  record["second_factor"] = administrator.second_factor;
  return record;
}

// As the API has it: a reseller has a tenant, a domain's administrator a domain, a provider neither.
Result<void> check_reach(Role role, const AdministratorOptions& options) {
  const bool of_domain = role == Role::domain_admin || role == Role::domain_reader;
  if (role == Role::reseller && options.tenant.empty())
    return Error(ErrorKind::invalid, "the role needs --tenant");
  if (of_domain && options.domain.empty()) return Error(ErrorKind::invalid, "the role needs --domain");
  const bool too_narrow = role == Role::provider && !(options.tenant.empty() && options.domain.empty());
  if (too_narrow || (role == Role::reseller && !options.domain.empty())) {
    return Error(ErrorKind::invalid, "the role reaches further than that");
  }
  return {};
}

Task<Result<void>> add(StoreSession& session, OutputFormat format, AdministratorOptions options) {
  Administrator asked;
  asked.name = options.name;
  asked.role = *role_from(options.role);
  CO_TRY_VOID(check_reach(asked.role, options));
  if (!options.tenant.empty()) {
    CO_TRY(const Tenant tenant, co_await session.store.directory().find_tenant(options.tenant));
    asked.reach.tenant = tenant.id;
  }
  if (!options.domain.empty()) {
    CO_TRY(const Domain domain, co_await session.store.directory().find_domain(options.domain));
    asked.reach.domain = domain.id;
  }
  CO_TRY(const NewPassword password, new_password(options.password));
  const std::uint32_t cost = session.settings.login.yescrypt_cost;
  auto make = [password, cost] {
    return password.is_hash ? import_credentials(std::string(password.secret.reveal()))
                            : make_credentials(password.secret, cost);
  };
  CO_TRY(const Credentials credentials, co_await in_worker(session.loop, std::move(make)));
  asked.password_hash = credentials.password_hash;
  CO_TRY(const Administrator made, co_await session.store.administrators().create(std::move(asked)));
  Json record = json_of(made);
  std::string sentence = "Administrator " + made.name + " added.";
  if (password.generated) {
    record["password"] = password.secret.reveal();
    sentence += "\nPassword: " + std::string(password.secret.reveal());
  }
  print_done(format, sentence, record);
  co_return Result<void>();
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, AdministratorOptions) {
  std::vector<Json> rows;
  PageRange range;
  range.items_max = kPageItemsMax;
  std::size_t found = kPageItemsMax;
  while (found == kPageItemsMax) {
    CO_TRY(const std::vector<Administrator> page,
           co_await session.store.administrators().list(Reach(), range));
    for (const Administrator& one : page) rows.push_back(json_of(one));
    found = page.size();
    if (found > 0) range.after = page.back().name;
  }
  const std::vector<std::string> columns{"name", "role", "tenant", "domain", "locked", "second_factor"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, AdministratorOptions options) {
  CO_TRY(const Administrator found, co_await session.store.administrators().find_name(options.name));
  CO_TRY_VOID(co_await session.store.administrators().remove(found.id));
  Json record;
  record["deleted"] = found.name;
  print_done(format, "Administrator " + found.name + " deleted.", record);
  co_return Result<void>();
}

Task<Result<void>> make_token(StoreSession& session, OutputFormat format, AdministratorOptions options) {
  CO_TRY(const Administrator found, co_await session.store.administrators().find_name(options.name));
  constexpr std::size_t kTokenOctets = 32;
  const std::string proof = text::hex(random_octets(kTokenOctets));
  Token asked;
  asked.name = options.token_name;
  asked.scopes = scopes_of(found.role);
  asked.expires_at = Clock().now() + std::chrono::hours(24) * options.days;
  CO_TRY(const Token made,
         co_await session.store.administrators().create_token(found.id, sha256(proof), std::move(asked)));
  Json record;
  record["id"] = raw(made.id);
  record["token"] = proof;
  print_done(format, proof, record);
  co_return Result<void>();
}

}  // namespace

void add_administrator(CommandLine& line) {
  const auto options = std::make_shared<AdministratorOptions>();
  CLI::App& noun = line.noun("administrator", "Who administers by page and API", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, AdministratorOptions);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  CLI::App& adding = verb("add", "Make an administrator", add);
  adding.add_option("name", options->name, "Letters, digits, dots, hyphens")->required();
  adding
      .add_option("--role", options->role,
                  "provider, reseller, domain_admin, domain_reader, help_desk, billing")
      ->required()
      ->check(CLI::IsMember(role_names()).description(""));
  adding.add_option("--tenant", options->tenant, "Nothing beyond this tenant");
  adding.add_option("--domain", options->domain, "Nothing beyond this domain");
  add_password_options(adding, options->password);
  verb("list", "All administrators", list);
  verb("delete", "Delete an administrator, with tokens and sessions", remove)
      .add_option("name", options->name, "Name")
      ->required();
  CLI::App& token = verb("token", "A new token for the API", make_token);
  token.add_option("name", options->name, "Whose")->required();
  token.add_option("--name", options->token_name, "What it is for");
  token.add_option("--days", options->days, "Until it ends")->check(CLI::Range(1, 3650));
}

}  // namespace postern::cli
