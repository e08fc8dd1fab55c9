// postern policy: what devices must agree to. The account's word counts before its domain's, that before the
// plan's, and that before the settings'.
#include <algorithm>

#include "config/policy_values.h"
#include "gateway/base/text.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern policy show joe@example.org                      what counts for joe, and who says so
  postern policy set example.org password_required=true lock_after_s=300
  postern policy set joe@example.org lock_after_s=600
  postern policy set --plan standard camera_allowed=false
  postern policy reset example.org lock_after_s            as the plan or the settings say
  postern policy reset example.org                         all of it
)";

struct PolicyOptions {
  std::string of;
  bool plan = false;
  std::vector<std::string> values;

  PolicyLevel level() const {
    if (plan) return PolicyLevel::plan;
    return of.find('@') != std::string::npos ? PolicyLevel::account : PolicyLevel::domain;
  }
};
using Options = const PolicyOptions&;

std::string_view name_in(std::string_view assignment) {
  return assignment.substr(0, assignment.find('='));
}

struct Source {
  std::string name;
  std::vector<std::string> values;
};

// From the settings down to the level that was named.
Task<Result<std::vector<Source>>> sources_of(StoreSession& session, Options options) {
  std::vector<Source> sources(1);
  sources[0].name = "settings";
  sources[0].values = policy_values(session.settings.activesync.policy);
  DeviceStore& devices = session.store.devices();
  std::string plan = options.of;
  std::string domain = options.of.substr(options.of.find('@') + 1);
  if (options.level() != PolicyLevel::plan) {
    CO_TRY(const Domain found, co_await session.store.directory().find_domain(domain));
    plan = found.plan;
  }
  Source of_plan;
  of_plan.name = "plan";
  CO_TRY(of_plan.values, co_await devices.policy_values(PolicyLevel::plan, plan));
  sources.push_back(std::move(of_plan));
  if (options.level() == PolicyLevel::plan) co_return sources;
  Source of_domain;
  of_domain.name = "domain";
  CO_TRY(of_domain.values, co_await devices.policy_values(PolicyLevel::domain, domain));
  sources.push_back(std::move(of_domain));
  if (options.level() == PolicyLevel::domain) co_return sources;
  Source of_account;
  of_account.name = "account";
  CO_TRY(of_account.values, co_await devices.policy_values(PolicyLevel::account, options.of));
  sources.push_back(std::move(of_account));
  co_return sources;
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const std::vector<Source> sources, co_await sources_of(session, options));
  std::vector<Json> rows;
  for (const std::string& setting : sources.front().values) {
    Json row;
    row["name"] = name_in(setting);
    for (const Source& source : sources) {
      for (const std::string& value : source.values) {
        if (name_in(value) != name_in(setting)) continue;
        row["value"] = value.substr(value.find('=') + 1);
        row["from"] = source.name;
      }
    }
    rows.push_back(std::move(row));
  }
  const std::vector<std::string> columns{"name", "value", "from"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

// Takes away what this level says of the names, and adds the values.
Task<Result<void>> change(StoreSession& session, OutputFormat format, Options options,
                          std::vector<std::string> names, std::vector<std::string> more) {
  DeviceStore& devices = session.store.devices();
  CO_TRY(std::vector<std::string> values, co_await devices.policy_values(options.level(), options.of));
  std::erase_if(values, [&names](const std::string& value) {
    return std::find(names.begin(), names.end(), name_in(value)) != names.end();
  });
  values.insert(values.end(), more.begin(), more.end());
  CO_TRY_VOID(co_await devices.set_policy_values(options.level(), options.of, values));
  Json record;
  record["of"] = options.of;
  record["values"] = values;
  const std::string sentence = "Devices of " + options.of + " take over the policy at their next request.";
  print_done(format, sentence, record);
  co_return Result<void>();
}

Task<Result<void>> set(StoreSession& session, OutputFormat format, Options options) {
  std::vector<std::string> names;
  for (const std::string& value : options.values) names.emplace_back(name_in(value));
  co_return co_await change(session, format, options, std::move(names), options.values);
}

Task<Result<void>> reset(StoreSession& session, OutputFormat format, Options options) {
  std::vector<std::string> names = options.values;
  PolicySettings known;
  for (const std::string& value : policy_values(known)) {
    if (options.values.empty()) names.emplace_back(name_in(value));
  }
  co_return co_await change(session, format, options, std::move(names), std::vector<std::string>());
}

}  // namespace

void add_policy(CommandLine& line) {
  const auto options = std::make_shared<PolicyOptions>();
  CLI::App& noun = line.noun("policy", "What phones must agree to", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
    made.add_option("of", options->of, "local@domain, or a domain")->required();
    made.add_flag("--plan", options->plan, "It is a plan's name");
    return made;
  };
  verb("show", "All values, and who says so", show);
  verb("set", "Say something of it", set)
      .add_option("values", options->values, "name=value, as activesync.policy in the settings has them")
      ->required();
  verb("reset", "Say nothing of it any more", reset)
      .add_option("names", options->values, "Of values; none: all");
}

}  // namespace postern::cli
