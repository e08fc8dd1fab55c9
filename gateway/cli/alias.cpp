// postern alias: addresses that lead to accounts or to other aliases.
#include "gateway/cli/command_line.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples = R"(  postern alias add sales@example.org joe@example.org ann@example.org
  postern alias add sales@example.org ann@example.org      replaces all targets
  postern alias list example.org
  postern alias delete sales@example.org
)";

struct AliasOptions {
  std::string address;
  std::string domain;
  std::vector<std::string> targets;
};

Json json_of(const Alias& alias) {
  Json record;
  record["alias"] = alias.address;
  record["targets"] = alias.targets;
  return record;
}

Task<Result<void>> add(StoreSession& session, OutputFormat format, const AliasOptions& options) {
  CO_TRY_VOID(co_await session.store.directory().set_alias(options.address, options.targets));
  Alias alias;
  alias.address = options.address;
  alias.targets = options.targets;
  print_done(
      format,
      "Mail for " + alias.address + " goes to " + std::to_string(alias.targets.size()) + " address(es).",
      json_of(alias));
  co_return Result<void>();
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, const AliasOptions& options) {
  CO_TRY(const std::vector<Alias> aliases, co_await session.store.directory().list_aliases(options.domain));
  std::vector<Json> rows;
  for (const Alias& alias : aliases) rows.push_back(json_of(alias));
  const std::vector<std::string> columns{"alias", "targets"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, const AliasOptions& options) {
  CO_TRY_VOID(co_await session.store.directory().delete_alias(options.address));
  Json record;
  record["deleted"] = options.address;
  print_done(format, "Alias " + options.address + " deleted.", record);
  co_return Result<void>();
}

}  // namespace

void add_alias(CommandLine& line) {
  const auto options = std::make_shared<AliasOptions>();
  CLI::App& noun = line.noun("alias", "Other addresses of accounts", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, const AliasOptions&);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  CLI::App& adding = verb("add", "Make an alias, or replace its targets", add);
  adding.add_option("address", options->address, "local@domain")->required();
  adding.add_option("targets", options->targets, "Where its mail goes")->required();
  verb("list", "Aliases of a domain", list).add_option("domain", options->domain, "Domain")->required();
  verb("delete", "Delete an alias", remove)
      .add_option("address", options->address, "local@domain")
      ->required();
}

}  // namespace postern::cli
