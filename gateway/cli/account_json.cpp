#include "gateway/cli/account_json.h"

namespace postern::cli {

namespace {
Json limit_json(const std::optional<std::uint64_t>& limit) {
  return limit ? Json(*limit) : Json();
}

// The account's own word, else the domain's, else the plan's.
EffectiveFeature effective(const FeatureLevels& levels) {
  EffectiveFeature feature;
  feature.enabled = levels.account.value_or(levels.domain.value_or(levels.plan));
  feature.source = levels.account  ? FeatureSource::account
                   : levels.domain ? FeatureSource::domain
                                   : FeatureSource::plan;
  return feature;
}
}  // namespace

Json account_json(const AccountEntry& account) {
  AccountRecord record;
  record.address = account.address;
  record.status = account.status;
  record.profile = account.profile;
  record.quota = account.quota;
  for (std::size_t i = 0; i < kFeatureCount; ++i) record.features[i] = effective(account.features[i]);
  return account_json(record);
}

Json account_json(const AccountRecord& account) {
  Json record;
  record["address"] = account.address;
  record["name"] = account.profile.display_name;
  record["in_address_book"] = account.profile.in_address_book;
  record["status"] = name_of(account.status);
  record["messages"] = account.quota.messages;
  record["used"] = account.quota.octets;
  record["quota"] = limit_json(account.quota.octets_max);
  Json features = Json::object();
  for (Feature feature : kFeatures) {
    const EffectiveFeature& effective = account.features[static_cast<std::size_t>(feature)];
    Json& entry = features[std::string(name_of(feature))];
    entry["enabled"] = effective.enabled;
    entry["from"] = name_of(effective.source);
  }
  record["features"] = std::move(features);
  return record;
}

Json account_lines(const AccountRecord& account) {
  Json record = account_json(account);
  record.erase("features");
  record["used"] = octets_text(account.quota.octets);
  if (account.quota.octets_max) record["quota"] = octets_text(*account.quota.octets_max);
  for (const Json& row : feature_rows(account.features)) {
    const std::string state = row["enabled"].get<bool>() ? "on" : "off";
    record[row["feature"].get<std::string>()] = state + ", by the " + row["from"].get<std::string>();
  }
  return record;
}

Json quota_json(const AccountRecord& account) {
  Json record;
  record["address"] = account.address;
  record["octets"] = account.quota.octets;
  record["octets_max"] = limit_json(account.quota.octets_max);
  record["messages"] = account.quota.messages;
  record["messages_max"] = limit_json(account.quota.messages_max);
  return record;
}

std::vector<Json> feature_rows(const EffectiveFeatures& features) {
  std::vector<Json> rows;
  for (Feature feature : kFeatures) {
    const EffectiveFeature& effective = features[static_cast<std::size_t>(feature)];
    Json row;
    row["feature"] = name_of(feature);
    row["enabled"] = effective.enabled;
    row["from"] = name_of(effective.source);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace postern::cli
