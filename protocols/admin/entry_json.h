// Entries of the store as the contract's schemas have them.
#pragma once

#include "protocols/admin/answer.h"
#include "storage/administrators.h"
#include "storage/records.h"

namespace postern::admin {

Json tenant_json(const TenantEntry& entry);
Json plan_json(const PlanEntry& entry);
Json domain_json(const DomainEntry& entry);
Json account_json(const AccountEntry& entry);
Json alias_json(const AliasEntry& entry);
enum class Levels : std::uint8_t { of_domain, of_account };
Json features_json(const AllFeatureLevels& features, Levels levels);
// `otherwise`: for devices that no rule fits.
Json device_json(const DeviceEntry& entry, DeviceAccess otherwise);
Json queued_json(const QueueEntry& entry);
Json administrator_json(const Administrator& administrator);
Json token_json(const Token& token);
Json app_password_json(const AppPassword& password);
Json audit_json(const AuditEntry& entry);
Json feature_event_json(const FeatureEvent& event);
Json usage_json(const UsageDay& day);

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
inline Json or_null(const std::optional<TenantId>& id) {
  return id ? Json(raw(*id)) : Json();
}

}  // namespace postern::admin
