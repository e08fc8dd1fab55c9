// postern retention: after how many days Trash and Junk lose what is in them.
#include "gateway/cli/command_line.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern retention show example.org
  postern retention set example.org --trash 30 --junk 14
  postern retention set example.org --trash 0                 never, whatever the plan says
  postern retention set example.org --junk plan               as the plan says again
  postern retention set --plan standard --junk 30
What leaves so can be recovered as if it had been deleted.
)";

struct RetentionOptions {
  std::string domain;
  std::string plan;
  std::optional<std::string> trash;
  std::optional<std::string> junk;
};
using Options = const RetentionOptions&;

Json days(const std::optional<std::uint32_t>& days, bool of_plan) {
  if (!days) return of_plan ? Json("never") : Json("plan");
  return *days == 0 ? Json("never") : Json(*days);
}

Task<Result<RetentionRules>> rules_of(StoreSession& session, Options options) {
  Retention& retention = session.store.retention();
  if (options.domain.empty()) co_return co_await retention.of_plan(options.plan);
  co_return co_await retention.of_domain(options.domain);
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, Options options) {
  if (options.domain.empty() == options.plan.empty())
    co_return Error(ErrorKind::invalid, "a domain, or a plan");
  CO_TRY(const RetentionRules rules, co_await rules_of(session, options));
  const bool of_plan = options.domain.empty();
  Json record;
  record[of_plan ? "plan" : "domain"] = of_plan ? options.plan : options.domain;
  record["trash_days"] = days(rules.trash_days, of_plan);
  record["junk_days"] = days(rules.junk_days, of_plan);
  print_record(format, record);
  co_return Result<void>();
}

void change(std::optional<std::uint32_t>& days, const std::optional<std::string>& text) {
  if (!text) return;
  days.reset();
  if (*text != "plan") days = static_cast<std::uint32_t>(std::stoul(*text));
}

Task<Result<void>> set(StoreSession& session, OutputFormat format, Options options) {
  if (options.domain.empty() == options.plan.empty())
    co_return Error(ErrorKind::invalid, "a domain, or a plan");
  CO_TRY(RetentionRules rules, co_await rules_of(session, options));
  change(rules.trash_days, options.trash);
  change(rules.junk_days, options.junk);
  Retention& retention = session.store.retention();
  if (options.domain.empty()) {
    CO_TRY_VOID(co_await retention.set_plan(options.plan, rules));
  } else {
    CO_TRY_VOID(co_await retention.set_domain(options.domain, rules));
  }
  co_return co_await show(session, format, options);
}

std::string check_days(std::string& text) {
  if (text == "plan") return "";
  const bool digits =
      !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "" : "days, 0 for never, or \"plan\"";
}

}  // namespace

void add_retention(CommandLine& line) {
  const auto options = std::make_shared<RetentionOptions>();
  CLI::App& noun = line.noun("retention", "Days that mail stays in Trash and Junk", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
    auto* domain = made.add_option("domain", options->domain, "Domain");
    made.add_option("--plan", options->plan, "A plan instead, for all its domains that do not say otherwise")
        ->excludes(domain);
    return made;
  };
  verb("show", "What a domain or a plan says", show);
  CLI::App& setting = verb("set", "What is not named stays as it is", set);
  setting.add_option("--trash", options->trash, "Days in Trash; 0: for ever; plan: as the plan says")
      ->check(CLI::Validator(check_days, ""));
  setting.add_option("--junk", options->junk, "The same for Junk")->check(CLI::Validator(check_days, ""));
}

}  // namespace postern::cli
