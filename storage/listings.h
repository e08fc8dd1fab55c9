// Pages of what there is, for administration: within a reach, filtered, in the order of a key that the next
// page begins behind. What lies beyond the reach is not there. One round trip each.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "storage/devices.h"
#include "storage/model/account.h"
#include "storage/model/role.h"
#include "storage/outbox.h"

namespace postern {

constexpr std::uint32_t kPageItemsMax = 500;

struct PageRange {
  PageRange() = default;
  std::string after;  // the key of the last item before; empty: from the beginning
  std::uint32_t items_max = 50;
};

struct TenantEntry {
  TenantEntry() = default;
  Tenant tenant;
  std::uint64_t domains = 0;
  std::optional<std::uint64_t> mobile_sync_max;
  WallTime created_at{};
  std::string version;
};

struct PlanEntry {
  PlanEntry() = default;
  Plan plan;
  std::string version;
};

// What each level says of a feature.
struct FeatureLevels {
  bool plan = false;
  std::optional<bool> domain;
  std::optional<bool> account;
};
using AllFeatureLevels = std::array<FeatureLevels, kFeatureCount>;  // by Feature

struct DomainEntry {
  DomainEntry() = default;
  Domain domain;
  AllFeatureLevels features;
  WallTime created_at{};
  std::string version;
};

struct AccountEntry {
  AccountEntry() = default;
  AccountId id{};
  DomainId domain{};
  TenantId tenant{};
  std::string address;
  AccountStatus status = AccountStatus::active;
  Profile profile;
  QuotaUsage quota;
  bool own_quota = false;  // of octets; else the plan's counts
  AllFeatureLevels features;
  WallTime created_at{};
  std::string version;
};

struct AliasEntry {
  AliasEntry() = default;
  Alias alias;
  std::string version;
};

struct DeviceEntry {
  DeviceEntry(std::string a, Device d) : account(std::move(a)), device(std::move(d)) {}
  std::string account;  // its address
  Device device;
};

struct QueueEntry {
  QueueEntry() = default;
  std::string account;  // its address
  QueuedMessage message;
};

struct DirectoryFilter {
  DirectoryFilter() = default;
  std::optional<TenantId> tenant;
  std::optional<std::string> domain;
  std::string begins_with;  // the name or address
  std::optional<AccountStatus> status;
  std::optional<Feature> feature;  // that is on
};

class Listings {
 public:
  virtual ~Listings() = default;

  // By name; the key is the name, of devices "address device", of the queue the number.
  virtual Task<Result<std::vector<TenantEntry>>> tenants(Reach reach, PageRange range) = 0;
  virtual Task<Result<std::vector<PlanEntry>>> plans() = 0;
  virtual Task<Result<std::vector<DomainEntry>>> domains(Reach reach, DirectoryFilter filter,
                                                         PageRange range) = 0;
  virtual Task<Result<std::vector<AccountEntry>>> accounts(Reach reach, DirectoryFilter filter,
                                                           PageRange range) = 0;
  virtual Task<Result<std::vector<AliasEntry>>> aliases(Reach reach, DirectoryFilter filter,
                                                        PageRange range) = 0;
  virtual Task<Result<std::vector<DeviceEntry>>> devices(Reach reach, DirectoryFilter filter,
                                                         PageRange range) = 0;
  virtual Task<Result<std::vector<QueueEntry>>> queue(Reach reach, OutboxFilter filter, PageRange range) = 0;

  // One of them: not_found, also beyond the reach.
  virtual Task<Result<TenantEntry>> tenant(Reach reach, TenantId id) = 0;
  virtual Task<Result<PlanEntry>> plan(std::string name) = 0;
  virtual Task<Result<DomainEntry>> domain(Reach reach, std::string name) = 0;
  virtual Task<Result<AccountEntry>> account(Reach reach, std::string address) = 0;
  virtual Task<Result<AliasEntry>> alias(Reach reach, std::string address) = 0;
  virtual Task<Result<QueueEntry>> queued(Reach reach, OutboxId id) = 0;

  // How many accounts of the tenant have Mobile Sync.
  virtual Task<Result<std::uint64_t>> mobile_sync_used(TenantId tenant) = 0;
};

}  // namespace postern
