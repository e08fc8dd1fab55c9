// postern app-password: a password of its own for a program or device, which opens some doors only.
#include "gateway/cli/command_line.h"
#include "gateway/cli/time_option.h"
#include "gateway/cli/with_store.h"
#include "protocols/admin/passwords.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern app-password add joe@example.org --name "old printer" --door submission
  postern app-password list joe@example.org
  postern app-password delete joe@example.org 17
)";

constexpr Feature kDoors[] = {Feature::imap, Feature::pop3, Feature::mobile_sync, Feature::submission};

struct AppPasswordOptions {
  std::string address;
  std::string name;
  std::vector<std::string> doors;
  std::int64_t number = 0;
};
using Options = const AppPasswordOptions&;

std::uint16_t bit_of(Feature door) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(door));
}

std::vector<std::string> door_names() {
  std::vector<std::string> names;
  for (const Feature door : kDoors) names.emplace_back(name_of(door));
  return names;
}

Json json_of(const AppPassword& password) {
  Json record;
  record["number"] = raw(password.id);
  record["name"] = password.name;
  Json doors = Json::array();
  for (const Feature door : kDoors) {
    if ((password.doors & bit_of(door)) != 0) doors.push_back(name_of(door));
  }
  record["doors"] = std::move(doors);
  record["created"] = time_text(password.created_at);
  return record;
}

Task<Result<void>> add(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  std::uint16_t doors = 0;
  for (const std::string& name : options.doors)
    doors = static_cast<std::uint16_t>(doors | bit_of(*feature_from(name)));
  if (options.doors.empty()) {
    for (const Feature door : kDoors) doors = static_cast<std::uint16_t>(doors | bit_of(door));
  }
  const std::string password = admin::new_app_password();
  CO_TRY(const AppPassword made, co_await session.store.administrators().create_app_password(
                                     account.id, admin::app_password_hash(password), options.name, doors));
  Json record = json_of(made);
  record["password"] = password;
  print_done(format, "App password for " + made.name + ": " + password, record);
  co_return Result<void>();
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY(const std::vector<AppPassword> passwords,
         co_await session.store.administrators().app_passwords(account.id));
  std::vector<Json> rows;
  for (const AppPassword& one : passwords) rows.push_back(json_of(one));
  const std::vector<std::string> columns{"number", "name", "doors", "created"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  const AppPasswordId id{options.number};
  CO_TRY_VOID(co_await session.store.administrators().remove_app_password(account.id, id));
  Json record;
  record["deleted"] = options.number;
  print_done(format, "App password " + std::to_string(options.number) + " opens nothing any more.", record);
  co_return Result<void>();
}

}  // namespace

void add_app_password(CommandLine& line) {
  const auto options = std::make_shared<AppPasswordOptions>();
  CLI::App& noun = line.noun("app-password", "Passwords for single programs and devices", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
    made.add_option("account", options->address, "local@domain")->required();
    return made;
  };
  CLI::App& adding = verb("add", "Make one, and show it this once", add);
  adding.add_option("--name", options->name, "What it is for")->required();
  line.one_of(*adding.add_option("--door", options->doors, "What it opens; repeatable; else all doors"),
              door_names());
  verb("list", "Of an account", list);
  verb("delete", "End one at once", remove)
      .add_option("number", options->number, "As `list` shows it")
      ->required();
}

}  // namespace postern::cli
