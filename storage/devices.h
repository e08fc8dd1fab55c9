// Devices that synchronise (ActiveSync partnerships): who they are, whether they may, and the ledgers of what
// each has been told. Cost follows what changed: a ledger is a watermark and one answer's ids, never a list
// of the mailbox. Any node serves any device.
//
// Ledgers advance by comparison: of two requests of one device that run at the same time only one finds the
// key that it has read; the other's change is stale.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/model/device.h"

namespace postern {

constexpr std::size_t kCollectionsMax = 1000;              // asked for or changed at once
constexpr std::size_t kPolicyValuesMax = 100;              // of one level
constexpr std::size_t kLedgerOctetsMax = 4 * 1024 * 1024;  // one generation, as stored

// Of one collection in one Sync.
struct LedgerChange {
  LedgerChange(CollectionId c, std::optional<std::uint32_t> e, SyncLedger n)
      : collection(c), expected_key(e), next(std::move(n)) {}
  CollectionId collection{};
  std::optional<std::uint32_t> expected_key;  // the current key as read; absent: there was no ledger
  SyncLedger next;
};

struct CollectionLedger {
  CollectionLedger(CollectionId c, SyncLedger l) : collection(c), ledger(std::move(l)) {}
  CollectionId collection{};
  SyncLedger ledger;
};

class DeviceStore {
 public:
  virtual ~DeviceStore() = default;

  // --- what a request asks: one round trip, a second one only if something is new --------------------------
  // The device, made if it is not known. invalid (id), not_found (account), too_large: the account has
  // `devices_max` others already (status 177).
  virtual Task<Result<Device>> open(DeviceKey key, DeviceSeen seen, std::uint32_t devices_max) = 0;
  // Requests of the device that are older (by asked_at) and wait for news may end, on every node. Costs
  // nothing.
  virtual void end_older_waits(const Device& device) = 0;
  // open() without a trace: for clients that only look (Android's device "validate"). not_found.
  virtual Task<Result<Device>> find(DeviceKey key) = 0;
  virtual Task<Result<void>> set_information(DeviceKey key, DeviceInformation information) = 0;
  // stale: the key is not `expected_key` any more.
  virtual Task<Result<void>> set_policy(DeviceKey key, std::uint32_t expected_key, DevicePolicy policy) = 0;
  virtual Task<Result<void>> set_versions_told(DeviceKey key, std::string versions) = 0;
  virtual Task<Result<void>> set_ping(DeviceKey key, DevicePing ping) = 0;
  // The device has been told what request_wipe() asked for; the first time counts. stale: nothing was.
  virtual Task<Result<void>> note_wipe_sent(DeviceKey key) = 0;
  // The device has done it, and needs a policy anew if it comes again. stale: nothing was asked for.
  virtual Task<Result<void>> acknowledge_wipe(DeviceKey key) = 0;

  // --- ledgers: one round trip each ------------------------------------------------------------------------
  // Those that there are, by collection. At most kCollectionsMax are asked for.
  virtual Task<Result<std::vector<CollectionLedger>>> ledgers(DeviceKey key,
                                                              std::vector<CollectionId> collections) = 0;
  // Returns the collections that advanced, ascending; the others were stale, or the device is gone.
  // too_large: nothing happened. In doubt (closed): the device asks again with the key it has, and finds out.
  virtual Task<Result<std::vector<CollectionId>>> advance(DeviceKey key,
                                                          std::vector<LedgerChange> changes) = 0;
  // not_found: the device has not asked for folders yet.
  virtual Task<Result<FolderLedger>> folders(DeviceKey key) = 0;
  // stale, as advance(). too_large.
  virtual Task<Result<void>> advance_folders(DeviceKey key, std::optional<std::uint32_t> expected_key,
                                             FolderLedger next) = 0;
  // The device starts these over; none named: all, its folders too.
  virtual Task<Result<void>> forget_ledgers(DeviceKey key, std::vector<CollectionId> collections) = 0;

  // --- administration: each rings the account's bell, so that open requests look again ---------------------
  virtual Task<Result<std::vector<Device>>> list(AccountId account) = 0;
  // nullopt: as the rules say. not_found.
  virtual Task<Result<void>> decide(DeviceKey key, std::optional<DeviceAccess> access) = 0;
  // DeviceWipe::none takes it back, or admits a wiped device again. not_found.
  virtual Task<Result<void>> request_wipe(DeviceKey key, DeviceWipe wipe, std::string asked_by) = 0;
  // From now on for so long; 0: not any more. not_found.
  virtual Task<Result<void>> trace(DeviceKey key, Milliseconds span) = 0;
  // With its ledgers. The device may come again and starts from nothing. not_found.
  virtual Task<Result<void>> remove(DeviceKey key) = 0;

  // What a plan (by name), a domain or an account (by address) says of the device policy: "name=value", as
  // config/policy_values.h has them. not_found. Setting replaces all values of that level; invalid: one that
  // no policy has, with words for the administrator.
  virtual Task<Result<std::vector<std::string>>> policy_values(PolicyLevel level, std::string of) = 0;
  virtual Task<Result<void>> set_policy_values(PolicyLevel level, std::string of,
                                               std::vector<std::string> values) = 0;

  virtual Task<Result<std::vector<DeviceRule>>> rules(TenantId tenant) = 0;
  // Returns its number. not_found (tenant, or the domain is not the tenant's), invalid (empty pattern).
  virtual Task<Result<std::int64_t>> add_rule(TenantId tenant, DeviceRule rule) = 0;
  virtual Task<Result<void>> delete_rule(TenantId tenant, std::int64_t rule) = 0;  // not_found
};

}  // namespace postern
