// postern device-rule: who may synchronise without being asked. A domain's rules come before those for all
// domains of its tenant; the first that fits counts.
#include <algorithm>
#include <array>

#include "gateway/cli/command_line.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern device-rule list example.org
  postern device-rule add example.org quarantined                       what no other rule lets in
  postern device-rule add example.org allowed type 'iPhone' --position -1
  postern device-rule add example.org blocked agent 'BadMail/*' --everywhere
  postern device-rule delete example.org 7
)";

// By DeviceRuleField.
constexpr std::array<const char*, 5> kFields = {"type", "agent", "version", "model", "os"};

struct RuleOptions {
  std::string domain;
  std::string access;
  std::string field = "type";
  std::string pattern = "*";
  std::int32_t position = 0;
  bool everywhere = false;
  std::int64_t number = 0;
};
using Options = const RuleOptions&;

Task<Result<void>> list(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const Domain domain, co_await session.store.directory().find_domain(options.domain));
  CO_TRY(const std::vector<DeviceRule> rules, co_await session.store.devices().rules(domain.tenant));
  std::vector<Json> rows;
  for (const DeviceRule& rule : rules) {
    if (rule.domain && *rule.domain != domain.name) continue;
    Json row;
    row["rule"] = rule.id;
    row["for"] = rule.domain ? Json(*rule.domain) : Json("every domain");
    row["position"] = rule.position;
    row["field"] = kFields[static_cast<std::size_t>(rule.field)];
    row["pattern"] = rule.pattern;
    row["access"] = name_of(rule.access);
    rows.push_back(std::move(row));
  }
  const std::vector<std::string> columns{"rule", "for", "position", "field", "pattern", "access"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> add(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const Domain domain, co_await session.store.directory().find_domain(options.domain));
  DeviceRule rule;
  if (!options.everywhere) rule.domain = domain.name;
  rule.position = options.position;
  const auto field = std::find(kFields.begin(), kFields.end(), options.field);
  rule.field = static_cast<DeviceRuleField>(field - kFields.begin());
  rule.pattern = options.pattern;
  rule.access = *device_access_from(options.access);
  CO_TRY(const std::int64_t number,
         co_await session.store.devices().add_rule(domain.tenant, std::move(rule)));
  Json record;
  record["rule"] = number;
  print_done(format, "Rule " + std::to_string(number) + " added.", record);
  co_return Result<void>();
}

Task<Result<void>> remove(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const Domain domain, co_await session.store.directory().find_domain(options.domain));
  CO_TRY_VOID(co_await session.store.devices().delete_rule(domain.tenant, options.number));
  Json record;
  record["deleted"] = options.number;
  print_done(format, "Rule " + std::to_string(options.number) + " deleted.", record);
  co_return Result<void>();
}

}  // namespace

void add_device_rule(CommandLine& line) {
  const auto options = std::make_shared<RuleOptions>();
  CLI::App& noun = line.noun("device-rule", "Which phones may come", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
    made.add_option("domain", options->domain, "Domain")->required();
    return made;
  };
  verb("list", "Rules that a domain's devices meet, in their order", list);
  CLI::App& adding = verb("add", "Add one", add);
  CLI::Option* access = adding.add_option("access", options->access, "One of: allowed, blocked, quarantined");
  line.one_of(*access->required(), {"allowed", "blocked", "quarantined"});
  CLI::Option* field =
      adding.add_option("field", options->field, "What it looks at: type, agent, version, model, os");
  line.one_of(*field, {kFields.begin(), kFields.end()});
  adding.add_option("pattern", options->pattern, "The whole of it, without case; * stands for anything");
  adding.add_option("--position", options->position, "Rules with lower ones come first; else 0");
  adding.add_flag("--everywhere", options->everywhere, "For every domain of its tenant");
  verb("delete", "Delete one", remove).add_option("rule", options->number, "Its number")->required();
}

}  // namespace postern::cli
