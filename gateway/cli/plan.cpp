// postern plan: what the accounts of a domain get if neither the domain nor they themselves say otherwise.
#include "gateway/cli/command_line.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples = R"(  postern plan list
  postern plan set gold --enable mobile_sync --enable submission --quota 50G --recovery-days 60
  postern plan set standard --disable pop3
  postern plan delete gold                               once no domain has it
)";

struct PlanOptions {
  std::string name;
  std::vector<std::string> enable;
  std::vector<std::string> disable;
  std::optional<std::uint64_t> quota_octets;
  bool no_quota = false;
  std::optional<std::uint32_t> recovery_days;
};
using Options = const PlanOptions&;

Json json_of(const Plan& plan) {
  Json record;
  record["plan"] = plan.name;
  record["quota"] = plan.quota_octets ? Json(*plan.quota_octets) : Json();
  record["recovery_days"] = plan.recovery_days;
  for (const Feature feature : kFeatures) {
    record[std::string(name_of(feature))] = plan.features[static_cast<std::size_t>(feature)];
  }
  return record;
}

std::vector<std::string> feature_names() {
  std::vector<std::string> names;
  for (const Feature feature : kFeatures) names.emplace_back(name_of(feature));
  return names;
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, Options) {
  CO_TRY(const std::vector<Plan> plans, co_await session.store.directory().list_plans());
  std::vector<Json> rows;
  for (const Plan& plan : plans) {
    Json row = json_of(plan);
    if (format == OutputFormat::table && plan.quota_octets) row["quota"] = octets_text(*plan.quota_octets);
    rows.push_back(std::move(row));
  }
  std::vector<std::string> columns = feature_names();
  columns.insert(columns.begin(), {"plan", "quota", "recovery_days"});
  print_rows(format, columns, rows);
  co_return Result<void>();
}

// What is not named stays, or is off in a plan that is made.
Task<Result<void>> set(StoreSession& session, OutputFormat format, Options options) {
  Plan plan;
  auto found = co_await session.store.listings().plan(options.name);
  const bool is_new = !found && found.error().kind == ErrorKind::not_found;
  if (!found && !is_new) co_return std::move(found).error();
  if (found) plan = found->plan;
  plan.name = options.name;
  for (const std::string& name : options.enable)
    plan.features[static_cast<std::size_t>(*feature_from(name))] = true;
  for (const std::string& name : options.disable)
    plan.features[static_cast<std::size_t>(*feature_from(name))] = false;
  if (options.quota_octets || options.no_quota) plan.quota_octets = options.quota_octets;
  if (options.recovery_days) plan.recovery_days = *options.recovery_days;
  const Json record = json_of(plan);
  CO_TRY_VOID(co_await session.store.directory().put_plan(std::move(plan)));
  print_done(format, "Plan " + options.name + (is_new ? " added." : " changed."), record);
  co_return Result<void>();
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY_VOID(co_await session.store.directory().delete_plan(options.name));
  Json record;
  record["deleted"] = options.name;
  print_done(format, "Plan " + options.name + " deleted.", record);
  co_return Result<void>();
}

}  // namespace

void add_plan(CommandLine& line) {
  const auto options = std::make_shared<PlanOptions>();
  CLI::App& noun =
      line.noun("plan", "What domains' accounts get: features, quota, days of recovery", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  verb("list", "All plans", list);
  CLI::App& setting = verb("set", "Change a plan, or make it", set);
  setting.add_option("name", options->name, "Plan")->required();
  line.one_of(*setting.add_option("--enable", options->enable, "Feature to switch on; repeatable"),
              feature_names());
  line.one_of(*setting.add_option("--disable", options->disable, "Feature to switch off; repeatable"),
              feature_names());
  auto* quota = setting.add_option("--quota", options->quota_octets, "Octets of each account, e.g. 5G")
                    ->transform(CLI::AsSizeValue(false).description(""));
  setting.add_flag("--no-quota", options->no_quota, "As much as there is room for")->excludes(quota);
  setting.add_option("--recovery-days", options->recovery_days, "How long deleted mail can be brought back")
      ->check(CLI::Range(0, 90).description(""));
  verb("delete", "Delete a plan that no domain has", remove)
      .add_option("name", options->name, "Plan")
      ->required();
}

}  // namespace postern::cli
