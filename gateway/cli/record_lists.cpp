// postern audit, postern usage, postern feature-event: what is kept for those who answer for it, whole,
// however much it is: read in pieces and, as CSV or JSON lines, printed in pieces.
#include "gateway/cli/command_line.h"
#include "gateway/cli/time_option.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr std::uint32_t kRowsAtOnce = 1000;

constexpr const char* kAuditExamples = R"(  postern audit list --limit 20
  postern audit list --object joe@example.org --since 2026-01-01
  postern audit list --who bob --output ndjson
)";
constexpr const char* kEventExamples =
    R"(  postern feature-event list --feature mobile_sync --since 2026-01-01 --until 2026-02-01
  postern feature-event list --tenant "Example Ltd." --output csv
)";
constexpr const char* kUsageExamples = R"(  postern usage export 2026-01 --output csv > january.csv
  postern usage export 2026-01 --tenant "Example Ltd." --output json
)";

struct RecordOptions {
  std::string month;
  std::string tenant;
  std::string domain;
  std::string who;
  std::string object;
  std::string feature;
  std::optional<WallTime> since;
  std::optional<WallTime> until;
  std::uint64_t limit = 100;
};
using Options = const RecordOptions&;

std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Json or_null(const std::optional<bool>& value) {
  return value ? Json(*value) : Json();
}

Task<Result<RecordFilter>> filter_of(StoreSession& session, Options options) {
  RecordFilter filter;
  filter.domain = given(options.domain);
  filter.who = given(options.who);
  filter.object = given(options.object);
  filter.since = options.since;
  filter.until = options.until;
  if (!options.feature.empty()) filter.feature = feature_from(options.feature);
  if (!options.tenant.empty()) {
    CO_TRY(const Tenant tenant, co_await session.store.directory().find_tenant(options.tenant));
    filter.tenant = tenant.id;
  }
  co_return filter;
}

Json json_of(const AuditEntry& entry) {
  const auto values = [](const std::string& text) {
    return text.empty() ? Json() : Json::parse(text, nullptr, false);
  };
  Json record;
  record["id"] = entry.id;
  record["at"] = time_text(entry.at);
  record["who"] = entry.who;
  record["via"] = entry.via;
  record["from"] = entry.from;
  record["action"] = entry.action;
  record["kind"] = entry.kind;
  record["object"] = entry.object;
  record["before"] = values(entry.before);
  record["after"] = values(entry.after);
  return record;
}

Json json_of(const FeatureEvent& event) {
  Json record;
  record["id"] = event.id;
  record["at"] = time_text(event.at);
  record["who"] = event.who;
  record["level"] = event.level;
  record["name"] = event.name;
  record["feature"] = name_of(event.feature);
  record["before"] = or_null(event.before);
  record["after"] = or_null(event.after);
  return record;
}

Json json_of(const UsageDay& day) {
  Json record;
  record["day"] = day.day;
  record["domain"] = day.domain;
  record["address"] = day.address;
  record["plan"] = day.plan;
  Json features = Json::array();
  for (const Feature feature : day.features) features.push_back(name_of(feature));
  record["features"] = std::move(features);
  record["octets"] = day.octets;
  record["messages"] = day.messages;
  record["devices"] = day.devices;
  return record;
}

PageRange piece(const std::string& after, std::uint64_t wanted) {
  PageRange range;
  range.after = after;
  range.items_max = static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, kPageItemsMax));
  return range;
}

Task<Result<void>> list_audit(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const RecordFilter filter, co_await filter_of(session, options));
  std::vector<std::string> columns{"at", "who", "via", "from", "action", "kind", "object"};
  if (format != OutputFormat::table)
    columns = {"id", "at", "who", "via", "from", "action", "kind", "object", "before", "after"};
  RowPrinter rows(format, std::move(columns));
  PageRange range = piece("", options.limit);
  for (std::uint64_t left = options.limit; left > 0;) {
    CO_TRY(const std::vector<AuditEntry> page,
           co_await session.store.records().audit(Reach(), filter, range));
    for (const AuditEntry& one : page) rows.add(json_of(one));
    left -= page.size();
    if (page.size() < range.items_max) break;
    range = piece(std::to_string(page.back().id), left);
  }
  rows.end();
  co_return Result<void>();
}

Task<Result<void>> list_events(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const RecordFilter filter, co_await filter_of(session, options));
  RowPrinter rows(format, {"at", "who", "level", "name", "feature", "before", "after"});
  PageRange range = piece("", options.limit);
  for (std::uint64_t left = options.limit; left > 0;) {
    CO_TRY(const std::vector<FeatureEvent> page,
           co_await session.store.records().feature_events(Reach(), filter, range));
    for (const FeatureEvent& one : page) rows.add(json_of(one));
    left -= page.size();
    if (page.size() < range.items_max) break;
    range = piece(std::to_string(page.back().id), left);
  }
  rows.end();
  co_return Result<void>();
}

Task<Result<void>> export_usage(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const RecordFilter filter, co_await filter_of(session, options));
  RowPrinter rows(format, {"day", "domain", "address", "plan", "features", "octets", "messages", "devices"});
  UsagePlace place;
  std::vector<UsageDay> days;
  do {
    CO_TRY(days, co_await session.store.records().usage(Reach(), filter, options.month, place, kRowsAtOnce));
    for (const UsageDay& day : days) rows.add(json_of(day));
    if (days.empty()) break;
    place.day = days.back().day;
    place.account = days.back().account;
  } while (days.size() == kRowsAtOnce);
  rows.end();
  co_return Result<void>();
}

// "2026-01"
std::string check_month(const std::string& text) {
  return time_from(text + "-01") && text.size() == 7 ? "" : "expected a month such as 2026-01";
}

class RecordNouns {
 public:
  explicit RecordNouns(CommandLine& line) : line_(line) {}

  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  CLI::App& verb(CLI::App& noun, const char* name, const char* description, Action action) {
    CLI::App& made =
        line_.verb(noun, name, description, [options = options_, action](const CommonOptions& common) {
          return with_store(common,
                            [&](StoreSession& session) { return action(session, common.output, *options); });
        });
    made.add_option("--tenant", options_->tenant, "Of this tenant only");
    made.add_option("--domain", options_->domain, "Of this domain only");
    return made;
  }
  void add_list_options(CLI::App& listing) {
    add_time_option(listing, "--since", options_->since, "From then on");
    add_time_option(listing, "--until", options_->until, "Before then");
    listing.add_option("--limit", options_->limit, "Rows at most, newest first")->capture_default_str();
  }
  RecordOptions& options() { return *options_; }

 private:
  CommandLine& line_;
  const std::shared_ptr<RecordOptions> options_ = std::make_shared<RecordOptions>();
};

}  // namespace

void add_record_lists(CommandLine& line) {
  RecordNouns nouns(line);
  CLI::App& usage = line.noun("usage", "What was used, by account and day", kUsageExamples);
  nouns.verb(usage, "export", "A month for the biller", export_usage)
      .add_option("month", nouns.options().month, "Such as 2026-01")
      ->required()
      ->check(check_month);
  CLI::App& events = line.noun("feature-event", "Every change of a feature, for the biller", kEventExamples);
  CLI::App& changes = nouns.verb(events, "list", "Newest first", list_events);
  nouns.add_list_options(changes);
  std::vector<std::string> features;
  for (const Feature feature : kFeatures) features.emplace_back(name_of(feature));
  line.one_of(*changes.add_option("--feature", nouns.options().feature, "Of this feature only"),
              std::move(features));
  CLI::App& audit = line.noun("audit", "Who changed what, when, and from where", kAuditExamples);
  CLI::App& entries = nouns.verb(audit, "list", "Newest first", list_audit);
  nouns.add_list_options(entries);
  entries.add_option("--who", nouns.options().who, "Done by this one only");
  entries.add_option("--object", nouns.options().object, "About this, and what belongs to it");
}

}  // namespace postern::cli
