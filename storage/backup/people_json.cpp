#include "storage/backup/people_json.h"

namespace postern::backup {

namespace {

template <class T>
void put(Json& record, const char* key, const std::optional<T>& value) {
  if (value) record[key] = *value;
}

template <class Own>
void put_features(Json& record, const AllFeatureLevels& levels, Own own) {
  Json features = Json::object();
  for (const Feature feature : kFeatures) {
    const std::optional<bool> word = own(levels[static_cast<std::size_t>(feature)]);
    if (word) features[std::string(name_of(feature))] = *word;
  }
  if (!features.empty()) record["features"] = std::move(features);
}

FeatureEdits features_from(const Json& record) {
  FeatureEdits edits;
  if (!record.contains("features")) return edits;
  for (const auto& [name, word] : record.at("features").items()) {
    const auto feature = feature_from(name);
    if (feature) edits.emplace_back(*feature, word.get<bool>());
  }
  return edits;
}

RetentionRules rules_from(const Json& record) {
  RetentionRules rules;
  rules.trash_days = optional_from<std::uint32_t>(record, "trash_days");
  rules.junk_days = optional_from<std::uint32_t>(record, "junk_days");
  return rules;
}

}  // namespace

std::string line_of(const Json& record) {
  return record.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json end_record() {
  Json record;
  record["kind"] = "end";
  return record;
}

Json json_of(const TenantEntry& entry) {
  Json record;
  record["kind"] = "tenant";
  record["name"] = entry.tenant.name;
  put(record, "mobile_sync_max", entry.mobile_sync_max);
  return record;
}

Json json_of(const Plan& plan, const RetentionRules& rules) {
  Json record;
  record["kind"] = "plan";
  record["name"] = plan.name;
  for (const Feature feature : kFeatures)
    record["features"][std::string(name_of(feature))] = plan.features[static_cast<std::size_t>(feature)];
  put(record, "quota_octets", plan.quota_octets);
  record["recovery_days"] = plan.recovery_days;
  put(record, "trash_days", rules.trash_days);
  put(record, "junk_days", rules.junk_days);
  return record;
}

Json json_of(const DomainEntry& entry, const std::string& tenant, const RetentionRules& rules,
             const DomainQuota& quota) {
  Json record;
  record["kind"] = "domain";
  record["name"] = entry.domain.name;
  record["tenant"] = tenant;
  record["plan"] = entry.domain.plan;
  put(record, "catch_all", entry.domain.catch_all);
  put_features(record, entry.features, [](const FeatureLevels& levels) { return levels.domain; });
  put(record, "trash_days", rules.trash_days);
  put(record, "junk_days", rules.junk_days);
  put(record, "pool_octets", quota.pool_octets);
  put(record, "pool_messages", quota.pool_messages);
  record["when_full"] = name_of(quota.when_full);
  if (!quota.administrator.empty()) record["administrator"] = quota.administrator;
  return record;
}

Json json_of(const AccountEntry& entry, const Credentials& credentials) {
  Json record;
  record["kind"] = "account";
  record["address"] = entry.address;
  record["status"] = name_of(entry.status);
  record["password_hash"] = credentials.password_hash;
  if (!credentials.scram_sha256.empty()) record["scram_sha256"] = credentials.scram_sha256;
  if (entry.own_quota) put(record, "quota_octets", entry.quota.octets_max);
  put(record, "quota_messages", entry.quota.messages_max);
  if (!entry.profile.display_name.empty()) record["display_name"] = entry.profile.display_name;
  if (!entry.profile.in_address_book) record["in_address_book"] = false;
  put_features(record, entry.features, [](const FeatureLevels& levels) { return levels.account; });
  return record;
}

Json json_of(const Alias& alias) {
  Json record;
  record["kind"] = "alias";
  record["address"] = alias.address;
  record["targets"] = alias.targets;
  return record;
}

SavedPlan plan_from(const Json& record) {
  SavedPlan saved;
  saved.plan.name = record.at("name").get<std::string>();
  for (const auto& [feature, word] : features_from(record))
    saved.plan.features[static_cast<std::size_t>(feature)] = word.value_or(false);
  saved.plan.quota_octets = optional_from<std::uint64_t>(record, "quota_octets");
  saved.plan.recovery_days = record.at("recovery_days").get<std::uint32_t>();
  saved.rules = rules_from(record);
  return saved;
}

SavedDomain domain_from(const Json& record) {
  SavedDomain saved;
  saved.name = record.at("name").get<std::string>();
  saved.tenant = record.at("tenant").get<std::string>();
  saved.plan = record.at("plan").get<std::string>();
  saved.catch_all = optional_from<std::string>(record, "catch_all");
  saved.features = features_from(record);
  saved.rules = rules_from(record);
  saved.quota.pool_octets = optional_from<std::uint64_t>(record, "pool_octets");
  saved.quota.pool_messages = optional_from<std::uint64_t>(record, "pool_messages");
  saved.quota.when_full =
      when_full_from(record.value("when_full", std::string())).value_or(WhenFull::as_settings);
  saved.quota.administrator = record.value("administrator", std::string());
  return saved;
}

SavedAccount account_from(const Json& record) {
  SavedAccount saved;
  saved.address = record.at("address").get<std::string>();
  if (record.at("status") == name_of(AccountStatus::disabled)) saved.status = AccountStatus::disabled;
  saved.credentials.password_hash = record.at("password_hash").get<std::string>();
  saved.credentials.scram_sha256 = record.value("scram_sha256", std::string());
  saved.limits.quota_octets = optional_from<std::uint64_t>(record, "quota_octets");
  saved.limits.quota_messages = optional_from<std::uint64_t>(record, "quota_messages");
  saved.profile.display_name = record.value("display_name", std::string());
  saved.profile.in_address_book = record.value("in_address_book", true);
  saved.features = features_from(record);
  return saved;
}

Alias alias_from(const Json& record) {
  Alias alias;
  alias.address = record.at("address").get<std::string>();
  for (const Json& target : record.at("targets")) alias.targets.push_back(target.get<std::string>());
  return alias;
}

}  // namespace postern::backup
