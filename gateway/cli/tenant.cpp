// postern tenant: whose domains they are, and how many Mobile Sync users each may have.
#include "gateway/cli/command_line.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples = R"(  postern tenant add "Example Ltd." --mobile-sync-max 50
  postern tenant list --output csv
  postern tenant change "Example Ltd." --mobile-sync-max 100
  postern tenant change "Example Ltd." --no-maximum --name "Example plc"
  postern tenant delete "Example plc"                    once it has no domains
)";

struct TenantOptions {
  std::string name;
  std::optional<std::string> new_name;
  std::optional<std::uint64_t> mobile_sync_max;
  bool no_maximum = false;
};
using Options = const TenantOptions&;

Json json_of(const TenantEntry& entry) {
  Json record;
  record["tenant"] = entry.tenant.name;
  record["number"] = raw(entry.tenant.id);
  record["domains"] = entry.domains;
  record["mobile_sync_max"] = entry.mobile_sync_max ? Json(*entry.mobile_sync_max) : Json();
  return record;
}

Task<Result<TenantEntry>> entry_of(StoreSession& session, std::string name) {
  CO_TRY(const Tenant tenant, co_await session.store.directory().find_tenant(std::move(name)));
  co_return co_await session.store.listings().tenant(Reach(), tenant.id);
}

Task<Result<void>> add(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const Tenant tenant,
         co_await session.store.directory().create_tenant(options.name, options.mobile_sync_max));
  CO_TRY(const TenantEntry entry, co_await session.store.listings().tenant(Reach(), tenant.id));
  print_done(format, "Tenant " + tenant.name + " added.", json_of(entry));
  co_return Result<void>();
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, Options) {
  RowPrinter rows(format, {"tenant", "number", "domains", "mobile_sync_max"});
  PageRange range;
  range.items_max = kPageItemsMax;
  std::size_t found = kPageItemsMax;
  while (found == kPageItemsMax) {
    CO_TRY(const std::vector<TenantEntry> page, co_await session.store.listings().tenants(Reach(), range));
    for (const TenantEntry& one : page) rows.add(json_of(one));
    found = page.size();
    if (found > 0) range.after = page.back().tenant.name;
  }
  rows.end();
  co_return Result<void>();
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const TenantEntry entry, co_await entry_of(session, options.name));
  Json record = json_of(entry);
  CO_TRY(const std::uint64_t used, co_await session.store.listings().mobile_sync_used(entry.tenant.id));
  record["mobile_sync_used"] = used;
  print_record(format, record);
  co_return Result<void>();
}

Task<Result<void>> change(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const TenantEntry before, co_await entry_of(session, options.name));
  std::optional<std::optional<std::uint64_t>> maximum;
  if (options.mobile_sync_max || options.no_maximum) maximum = options.mobile_sync_max;
  CO_TRY_VOID(co_await session.store.directory().change_tenant(before.tenant.id, options.new_name, maximum));
  CO_TRY(const TenantEntry entry, co_await session.store.listings().tenant(Reach(), before.tenant.id));
  print_done(format, "Tenant " + entry.tenant.name + " changed.", json_of(entry));
  co_return Result<void>();
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const Tenant tenant, co_await session.store.directory().find_tenant(options.name));
  CO_TRY_VOID(co_await session.store.directory().delete_tenant(tenant.id));
  Json record;
  record["deleted"] = tenant.name;
  print_done(format, "Tenant " + tenant.name + " deleted.", record);
  co_return Result<void>();
}

}  // namespace

void add_tenant(CommandLine& line) {
  const auto options = std::make_shared<TenantOptions>();
  CLI::App& noun = line.noun("tenant", "Whose domains they are", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  const auto verb_on_name = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = verb(name, description, action);
    made.add_option("name", options->name, "Tenant")->required();
    return made;
  };
  const auto add_maximum = [&](CLI::App& made) {
    return made.add_option("--mobile-sync-max", options->mobile_sync_max,
                           "Accounts that may have Mobile Sync; else any number");
  };
  add_maximum(verb_on_name("add", "Make one", add));
  verb("list", "All tenants", list);
  verb_on_name("show", "One tenant, and how many accounts have Mobile Sync", show);
  CLI::App& changing = verb_on_name("change", "Another name, or another maximum", change);
  changing.add_option("--name", options->new_name, "New name");
  CLI::Option* maximum = add_maximum(changing);
  changing.add_flag("--no-maximum", options->no_maximum, "Any number again")->excludes(maximum);
  verb_on_name("delete", "Give up one that has no domains", remove);
}

}  // namespace postern::cli
