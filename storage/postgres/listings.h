// Listings on PostgreSQL. listings.cpp has tenants, plans and domains, listings_accounts.cpp accounts and
// aliases, listings_devices.cpp devices and the queue.
#pragma once

#include "storage/listings.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

class PostgresListings final : public Listings {
 public:
  explicit PostgresListings(Database& database) : database_(database) {}

  Task<Result<std::vector<TenantEntry>>> tenants(Reach reach, PageRange range) override;
  Task<Result<std::vector<PlanEntry>>> plans() override;
  Task<Result<std::vector<DomainEntry>>> domains(Reach reach, DirectoryFilter filter,
                                                 PageRange range) override;
  Task<Result<std::vector<AccountEntry>>> accounts(Reach reach, DirectoryFilter filter,
                                                   PageRange range) override;
  Task<Result<std::vector<AliasEntry>>> aliases(Reach reach, DirectoryFilter filter,
                                                PageRange range) override;
  Task<Result<std::vector<DeviceEntry>>> devices(Reach reach, DirectoryFilter filter,
                                                 PageRange range) override;
  Task<Result<std::vector<QueueEntry>>> queue(Reach reach, OutboxFilter filter, PageRange range) override;

  Task<Result<TenantEntry>> tenant(Reach reach, TenantId id) override;
  Task<Result<PlanEntry>> plan(std::string name) override;
  Task<Result<DomainEntry>> domain(Reach reach, std::string name) override;
  Task<Result<AccountEntry>> account(Reach reach, std::string address) override;
  Task<Result<AliasEntry>> alias(Reach reach, std::string address) override;
  Task<Result<QueueEntry>> queued(Reach reach, OutboxId id) override;

  Task<Result<std::uint64_t>> mobile_sync_used(TenantId tenant) override;

 private:
  Database& database_;
};

// $1 and $2 of every list: what lies within the reach, by the columns of `domain`.
#define POSTERN_IN_REACH                                  \
  "($1::bigint IS NULL OR domain.tenant_id = $1::bigint)" \
  " AND ($2::bigint IS NULL OR domain.domain_id = $2::bigint)"

// The reach, narrowed to the filter's tenant; nullopt: nothing is in both.
std::optional<Reach> narrowed(Reach reach, const std::optional<TenantId>& tenant);

// Behind every text that begins with `prefix`, in the order of code points.
std::string end_of(const std::string& prefix);

// Plan, then what domain and account decide and their values, from `column` on.
AllFeatureLevels levels_from_row(const Row& row, int column, bool with_account);

}  // namespace postern::postgres
