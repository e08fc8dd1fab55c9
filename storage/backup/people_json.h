// The lines of the file of people. Each has "kind"; what is absent is unlimited, or as the next level says.
#pragma once

#include <nlohmann/json.hpp>

#include "storage/listings.h"
#include "storage/model/quota.h"
#include "storage/retention.h"

namespace postern::backup {

using Json = nlohmann::ordered_json;

Json json_of(const TenantEntry& entry);
Json json_of(const Plan& plan, const RetentionRules& rules);
Json json_of(const DomainEntry& entry, const std::string& tenant, const RetentionRules& rules,
             const DomainQuota& quota);
Json json_of(const AccountEntry& entry, const Credentials& credentials);
Json json_of(const Alias& alias);
Json end_record();
std::string line_of(const Json& record);

struct SavedPlan {
  Plan plan;
  RetentionRules rules;
};
struct SavedDomain {
  std::string name;
  std::string tenant;
  std::string plan;
  std::optional<std::string> catch_all;
  FeatureEdits features;
  RetentionRules rules;
  DomainQuota quota;
};
struct SavedAccount {
  std::string address;
  AccountStatus status = AccountStatus::active;
  Credentials credentials;
  AccountLimits limits;
  Profile profile;
  FeatureEdits features;
};

// They throw what the library throws where a line is not what it should be.
SavedPlan plan_from(const Json& record);
SavedDomain domain_from(const Json& record);
SavedAccount account_from(const Json& record);
Alias alias_from(const Json& record);

// A value that may be absent.
template <class T>
std::optional<T> optional_from(const Json& record, const char* key) {
  if (!record.contains(key)) return std::nullopt;
  return record.at(key).get<T>();
}

}  // namespace postern::backup
