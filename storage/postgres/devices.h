// DeviceStore on PostgreSQL. devices.cpp answers requests, devices_ledgers.cpp keeps what devices know,
// devices_admin.cpp does what administrators ask, devices_policies.cpp keeps what they demand of devices.
#pragma once

#include "storage/devices.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"

namespace postern::postgres {

class PostgresDevices final : public DeviceStore {
 public:
  PostgresDevices(Database& database, Doorbell& doorbell) : database_(database), doorbell_(doorbell) {}

  Task<Result<Device>> open(DeviceKey key, DeviceSeen seen, std::uint32_t devices_max) override;
  void end_older_waits(const Device& device) override { doorbell_.ring_device(device.key, device.asked_at); }
  Task<Result<Device>> find(DeviceKey key) override;
  Task<Result<void>> set_information(DeviceKey key, DeviceInformation information) override;
  Task<Result<void>> set_policy(DeviceKey key, std::uint32_t expected_key, DevicePolicy policy) override;
  Task<Result<void>> set_versions_told(DeviceKey key, std::string versions) override;
  Task<Result<void>> set_ping(DeviceKey key, DevicePing ping) override;
  Task<Result<void>> note_wipe_sent(DeviceKey key) override;
  Task<Result<void>> acknowledge_wipe(DeviceKey key) override;

  Task<Result<std::vector<CollectionLedger>>> ledgers(DeviceKey key,
                                                      std::vector<CollectionId> collections) override;
  Task<Result<std::vector<CollectionId>>> advance(DeviceKey key, std::vector<LedgerChange> changes) override;
  Task<Result<FolderLedger>> folders(DeviceKey key) override;
  Task<Result<void>> advance_folders(DeviceKey key, std::optional<std::uint32_t> expected_key,
                                     FolderLedger next) override;
  Task<Result<void>> forget_ledgers(DeviceKey key, std::vector<CollectionId> collections) override;

  Task<Result<std::vector<Device>>> list(AccountId account) override;
  Task<Result<void>> decide(DeviceKey key, std::optional<DeviceAccess> access) override;
  Task<Result<void>> request_wipe(DeviceKey key, DeviceWipe wipe, std::string asked_by) override;
  Task<Result<void>> trace(DeviceKey key, Milliseconds span) override;
  Task<Result<void>> remove(DeviceKey key) override;

  Task<Result<std::vector<std::string>>> policy_values(PolicyLevel level, std::string of) override;
  Task<Result<void>> set_policy_values(PolicyLevel level, std::string of,
                                       std::vector<std::string> values) override;

  Task<Result<std::vector<DeviceRule>>> rules(TenantId tenant) override;
  Task<Result<std::int64_t>> add_rule(TenantId tenant, DeviceRule rule) override;
  Task<Result<void>> delete_rule(TenantId tenant, std::int64_t rule) override;

 private:
  // not_found if no row was changed.
  Task<Result<void>> change(const Statement& statement, Params params);
  // stale if no wipe was asked for.
  Task<Result<void>> change_wipe(const Statement& statement, DeviceKey key);
  // As change(), and the account's bell.
  Task<Result<void>> change_and_ring(const Statement& statement, AccountId account, Params params);

  Database& database_;
  Doorbell& doorbell_;
};

}  // namespace postern::postgres
