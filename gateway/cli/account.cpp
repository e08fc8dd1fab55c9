// postern account: mailbox owners, their passwords, status and quota.
#include "gateway/async/worker.h"
#include "gateway/cli/account_json.h"
#include "gateway/cli/apply.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/passwords.h"
#include "gateway/cli/with_store.h"
#include "protocols/shared/credentials.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern account add joe@example.org                      asks for the password
  postern account add joe@example.org --generate --quota 5G
  pwgen 16 1 | postern account password joe@example.org --password-stdin
  cut -d: -f2 joe.shadow | postern account add joe@example.org --hash-stdin
  postern account import people.csv --dry-run              address,password_hash,name,quota,mobile_sync
  postern account list example.org --output csv
  postern account list --feature mobile_sync --begins-with j --limit 20
  postern account quota joe@example.org --octets 10G --messages 100000
  postern account quota joe@example.org --plan             back to the plan's
  postern account profile joe@example.org --name "Joe Bloggs" --hide
  postern account disable joe@example.org                  no log-in, no new mail; nothing is lost
  postern account delete joe@example.org                   `enable` brings it back
)";

constexpr AccountStatus kStatuses[] = {AccountStatus::active, AccountStatus::disabled,
                                       AccountStatus::deleted};

struct AccountOptions {
  std::string address;
  std::string domain;
  std::string begins_with;
  std::string status;
  std::string feature;
  std::uint64_t limit = UINT64_MAX;
  PasswordSource password;
  std::optional<std::uint64_t> quota_octets;
  std::optional<std::uint64_t> quota_messages;
  bool as_plan = false;
  std::optional<std::string> name;
  bool hide = false;
  bool show = false;
};
using Options = const AccountOptions&;

Task<Result<Credentials>> credentials_of(StoreSession& session, NewPassword password) {
  const std::uint32_t cost = session.settings.login.yescrypt_cost;
  auto work = [password = std::move(password), cost] {
    return password.is_hash ? import_credentials(std::string(password.secret.reveal()))
                            : make_credentials(password.secret, cost);
  };
  co_return co_await in_worker(session.loop, std::move(work));
}

void tell(OutputFormat format, const std::string& sentence, Json record, const NewPassword& password) {
  std::string text = sentence;
  if (password.generated) {
    record["password"] = password.secret.reveal();
    text += " Password: " + std::string(password.secret.reveal());
  }
  print_done(format, text, record);
}

Task<Result<void>> add(StoreSession& session, OutputFormat format, Options options) {
  // Asked first: nobody should type a password for an address that cannot be.
  CO_TRY(const Address address, parse_address(options.address));
  CO_TRY_VOID(co_await session.store.directory().find_domain(address.domain));
  CO_TRY(const NewPassword password, new_password(options.password));
  CO_TRY(Credentials credentials, co_await credentials_of(session, password));
  AccountLimits limits{options.quota_octets, options.quota_messages};
  CO_TRY(const AccountRecord account,
         co_await session.store.directory().create_account(options.address, std::move(credentials), limits));
  tell(format, "Account " + account.address + " added.", account_json(account), password);
  co_return Result<void>();
}

DirectoryFilter filter_of(Options options) {
  DirectoryFilter filter;
  if (!options.domain.empty()) filter.domain = options.domain;
  filter.begins_with = options.begins_with;
  for (const AccountStatus status : kStatuses) {
    if (name_of(status) == options.status) filter.status = status;
  }
  if (!options.feature.empty()) filter.feature = feature_from(options.feature);
  return filter;
}

// In pages, so that a million accounts are neither a long question nor, printed as they come, much memory.
Task<Result<void>> list(StoreSession& session, OutputFormat format, Options options) {
  if (!options.domain.empty()) CO_TRY_VOID(co_await session.store.directory().find_domain(options.domain));
  const DirectoryFilter filter = filter_of(options);
  RowPrinter rows(format, {"address", "status", "messages", "used", "quota"});
  PageRange range;
  for (std::uint64_t left = options.limit; left > 0;) {
    range.items_max = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kPageItemsMax));
    CO_TRY(const std::vector<AccountEntry> page,
           co_await session.store.listings().accounts(Reach(), filter, range));
    for (const AccountEntry& account : page) {
      Json row = account_json(account);
      if (format == OutputFormat::table) {
        row["used"] = octets_text(account.quota.octets);
        row["quota"] = account.quota.octets_max ? Json(octets_text(*account.quota.octets_max)) : Json();
      }
      rows.add(std::move(row));
    }
    if (page.size() < range.items_max) break;
    left -= page.size();
    range.after = page.back().address;
  }
  rows.end();
  co_return Result<void>();
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  print_record(format, format == OutputFormat::table ? account_lines(account) : account_json(account));
  co_return Result<void>();
}

Task<Result<void>> set_password(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY(const NewPassword password, new_password(options.password));
  CO_TRY(Credentials credentials, co_await credentials_of(session, password));
  CO_TRY_VOID(co_await session.store.directory().set_credentials(account.id, std::move(credentials)));
  Json record;
  record["address"] = account.address;
  tell(format, "Password of " + account.address + " changed.", std::move(record), password);
  co_return Result<void>();
}

Task<Result<void>> set_status(StoreSession& session, OutputFormat format, Options options,
                              AccountStatus status) {
  CO_TRY(AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY_VOID(co_await session.store.directory().set_status(account.id, status));
  account.status = status;
  print_done(format, "Account " + account.address + " is now " + std::string(name_of(status)) + ".",
             account_json(account));
  co_return Result<void>();
}

Task<Result<void>> set_profile(StoreSession& session, OutputFormat format, Options options) {
  Directory& directory = session.store.directory();
  CO_TRY(AccountRecord account, co_await directory.find_account(options.address));
  if (options.name) account.profile.display_name = *options.name;
  if (options.hide || options.show) account.profile.in_address_book = options.show;
  CO_TRY_VOID(co_await directory.set_profile(account.id, account.profile));
  print_done(format, "Profile of " + account.address + " changed.", account_json(account));
  co_return Result<void>();
}

Task<Result<void>> quota(StoreSession& session, OutputFormat format, Options options) {
  Directory& directory = session.store.directory();
  CO_TRY(AccountRecord account, co_await directory.find_account(options.address));
  if (options.as_plan || options.quota_octets || options.quota_messages) {
    AccountLimits limits{options.quota_octets, options.quota_messages};
    CO_TRY_VOID(co_await directory.set_limits(account.id, limits));
    CO_TRY(account, co_await directory.account(account.id));
  }
  print_record(format, quota_json(account));
  co_return Result<void>();
}

}  // namespace

void add_account(CommandLine& line) {
  const auto options = std::make_shared<AccountOptions>();
  CLI::App& noun = line.noun("account", "Mailbox owners", kExamples);
  using Action = std::function<Task<Result<void>>(StoreSession&, OutputFormat, Options)>;
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(
        noun, name, description, [options, action = std::move(action)](const CommonOptions& common) {
          return with_store(common,
                            [&](StoreSession& session) { return action(session, common.output, *options); });
        });
  };
  const auto verb_on_address = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = verb(name, description, std::move(action));
    made.add_option("address", options->address, "local@domain")->required();
    return made;
  };
  const auto to_status = [](AccountStatus status) {
    return [status](StoreSession& session, OutputFormat format, Options given) {
      return set_status(session, format, given, status);
    };
  };
  CLI::App& adding = verb_on_address("add", "Make an account with its first mailboxes", add);
  add_password_options(adding, options->password);
  adding.add_option("--quota", options->quota_octets, "Octets it may keep, e.g. 5G; else the plan's")
      ->transform(CLI::AsSizeValue(false).description(""));
  adding.add_option("--messages", options->quota_messages, "Messages it may keep; else no limit");
  add_bulk_verb(line, noun);
  CLI::App& listing = verb("list", "Accounts, of all domains or one", list);
  listing.add_option("domain", options->domain, "Domain");
  listing.add_option("--begins-with", options->begins_with, "Whose address begins so");
  std::vector<std::string> statuses;
  for (const AccountStatus status : kStatuses) statuses.emplace_back(name_of(status));
  line.one_of(*listing.add_option("--status", options->status, "Only these"), std::move(statuses));
  std::vector<std::string> features;
  for (const Feature feature : kFeatures) features.emplace_back(name_of(feature));
  line.one_of(*listing.add_option("--feature", options->feature, "Only those who have it"),
              std::move(features));
  listing.add_option("--limit", options->limit, "So many at most");
  verb_on_address("show", "One account, with where its features come from", show);
  add_password_options(verb_on_address("password", "Set a new password", set_password), options->password);
  CLI::App& profile = verb_on_address("profile", "Say how the domain's address book shows it", set_profile);
  profile.add_option("--name", options->name, "Display name; empty: none");
  auto* hiding = profile.add_flag("--hide", options->hide, "Keep it out of the address book");
  profile.add_flag("--show", options->show, "Put it there again")->excludes(hiding);
  verb_on_address("disable", "Shut it: no log-in, no new mail", to_status(AccountStatus::disabled));
  verb_on_address("enable", "Open it again, also after `delete`", to_status(AccountStatus::active));
  verb_on_address("delete", "Delete it; recoverable for the days of its plan",
                  to_status(AccountStatus::deleted));
  CLI::App& limiting = verb_on_address("quota", "Show or set what it may keep, both limits at once", quota);
  auto* octets = limiting.add_option("--octets", options->quota_octets, "Octets, e.g. 10G; else the plan's")
                     ->transform(CLI::AsSizeValue(false).description(""));
  limiting.add_option("--messages", options->quota_messages, "Messages; else no limit");
  limiting.add_flag("--plan", options->as_plan, "Octets as the plan says")->excludes(octets);
}

}  // namespace postern::cli
