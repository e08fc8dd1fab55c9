// postern feature: what accounts may use. The account's word counts before its domain's, and that before the
// plan's.
#include "gateway/cli/account_json.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern feature list                                     what the plans give
  postern feature list joe@example.org                     what counts for joe, and who says so
  postern feature disable pop3 joe@example.org
  postern feature enable mobile_sync example.org           all accounts without a word of their own
  postern feature reset pop3 joe@example.org               as the domain or plan says
)";

struct FeatureOptions {
  std::string feature;
  std::string whose;  // local@domain, or a domain
};

std::vector<std::string> feature_names() {
  std::vector<std::string> names;
  for (Feature feature : kFeatures) names.emplace_back(name_of(feature));
  return names;
}

Task<Result<void>> list_plans(StoreSession& session, OutputFormat format) {
  CO_TRY(const std::vector<Plan> plans, co_await session.store.directory().list_plans());
  std::vector<Json> rows;
  for (const Plan& plan : plans) {
    Json row;
    row["plan"] = plan.name;
    for (Feature feature : kFeatures) {
      row[std::string(name_of(feature))] = plan.features[static_cast<std::size_t>(feature)];
    }
    rows.push_back(std::move(row));
  }
  std::vector<std::string> columns = feature_names();
  columns.insert(columns.begin(), "plan");
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> list_account(StoreSession& session, OutputFormat format, std::string address) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(std::move(address)));
  const std::vector<std::string> columns{"feature", "enabled", "from"};
  print_rows(format, columns, feature_rows(account.features));
  co_return Result<void>();
}

Task<Result<void>> change(StoreSession& session, OutputFormat format, FeatureOptions options,
                          std::optional<bool> enabled) {
  const Feature feature = *feature_from(options.feature);
  Directory& directory = session.store.directory();
  if (options.whose.find('@') != std::string::npos) {
    CO_TRY(const AccountRecord account, co_await directory.find_account(options.whose));
    CO_TRY_VOID(co_await directory.set_account_feature(account.id, feature, enabled));
  } else {
    CO_TRY_VOID(co_await directory.set_domain_feature(options.whose, feature, enabled));
  }
  Json record;
  record["feature"] = options.feature;
  record["of"] = options.whose;
  record["override"] = enabled ? Json(*enabled) : Json();
  const std::string state = !enabled ? " follows the next level again." : *enabled ? " is on." : " is off.";
  print_done(format, options.feature + " of " + options.whose + state, record);
  co_return Result<void>();
}

}  // namespace

void add_feature(CommandLine& line) {
  const auto options = std::make_shared<FeatureOptions>();
  CLI::App& noun = line.noun("feature", "What accounts may use: IMAP, POP3, Mobile Sync, …", kExamples);
  line.verb(noun, "list", "What plans give, or what counts for an account",
            [options](const CommonOptions& common) {
              return with_store(common, [&](StoreSession& session) {
                return options->whose.empty() ? list_plans(session, common.output)
                                              : list_account(session, common.output, options->whose);
              });
            })
      .add_option("account", options->whose, "local@domain");
  const auto changing = [&](const char* name, const char* description, std::optional<bool> enabled) {
    CLI::App& verb = line.verb(noun, name, description, [options, enabled](const CommonOptions& common) {
      return with_store(
          common, [&](StoreSession& session) { return change(session, common.output, *options, enabled); });
    });
    CLI::Option* named =
        verb.add_option("feature", options->feature,
                        "One of: pop3, imap, mobile_sync, submission, recovery_for_pop, self_service");
    line.one_of(*named->required(), feature_names());
    verb.add_option("whose", options->whose, "local@domain, or a domain")->required();
  };
  changing("enable", "Switch a feature on", true);
  changing("disable", "Switch a feature off", false);
  changing("reset", "Take the override away", std::nullopt);
}

}  // namespace postern::cli
