// Directory on PostgreSQL. One verb is at most one round trip and one transaction; what depends on each other
// inside it is ordered by the domain's row lock. directory.cpp answers the doors, directory_<noun>.cpp the
// administrator.
#pragma once

#include "storage/change_bus.h"
#include "storage/directory.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"
#include "storage/postgres/recipient_cache.h"

namespace postern::postgres {

class PostgresDirectory final : public Directory {
 public:
  PostgresDirectory(Database& database, ChangeBus& changes, Doorbell& doorbell, const Settings& settings);

  Task<Result<AccountRecord>> find_account(std::string address) override;
  Task<Result<AccountRecord>> account(AccountId id) override;
  Task<Result<std::vector<Recipient>>> resolve(std::string address) override;
  Task<Result<std::vector<std::string>>> addresses(AccountId id) override;
  Task<Result<QuotaUsage>> quota(AccountId id) override;
  Task<Result<People>> find_people(AccountId asker, std::string text, PeopleRange range) override;
  Task<Result<Secret>> shared_secret(std::string name) override;

  Task<Result<Tenant>> create_tenant(std::string name) override;
  Task<Result<Tenant>> create_tenant(std::string name, std::optional<std::uint64_t> mobile_sync_max) override;
  Task<Result<Tenant>> find_tenant(std::string name) override;
  Task<Result<void>> change_tenant(TenantId id, std::optional<std::string> name,
                                   std::optional<std::optional<std::uint64_t>> mobile_sync_max) override;
  Task<Result<void>> delete_tenant(TenantId id) override;
  Task<Result<Domain>> create_domain(TenantId tenant, std::string name, std::string plan) override;
  Task<Result<Domain>> find_domain(std::string name) override;
  Task<Result<std::vector<Domain>>> list_domains() override;
  Task<Result<void>> delete_domain(std::string name) override;
  Task<Result<void>> set_domain_plan(std::string domain, std::string plan) override;
  Task<Result<void>> set_catch_all(std::string domain, std::optional<std::string> address) override;

  Task<Result<AccountRecord>> create_account(std::string address, Credentials credentials,
                                             AccountLimits limits) override;
  Task<Result<AccountRecord>> create_account(std::string address, Credentials credentials,
                                             AccountLimits limits, Profile profile) override;
  Task<Result<void>> change_account(AccountId id, AccountChange change) override;
  Task<Result<std::vector<AccountRecord>>> list_accounts(std::string domain) override;
  Task<Result<void>> set_credentials(AccountId id, Credentials credentials) override;
  void tell_failed_login(FailedLogin failed) override { doorbell_.ring_failed_login(std::move(failed)); }
  Task<Result<void>> upgrade_credentials(AccountId id, std::string from, Credentials credentials) override;
  Task<Result<void>> set_limits(AccountId id, AccountLimits limits) override;
  Task<Result<void>> set_status(AccountId id, AccountStatus status) override;
  Task<Result<void>> set_profile(AccountId id, Profile profile) override;
  Task<Result<void>> delete_account(AccountId id) override;

  Task<Result<void>> set_alias(std::string address, std::vector<std::string> targets) override;
  Task<Result<void>> delete_alias(std::string address) override;
  Task<Result<std::vector<Alias>>> list_aliases(std::string domain) override;

  Task<Result<void>> set_account_feature(AccountId id, Feature feature, std::optional<bool> enabled) override;
  Task<Result<void>> set_domain_feature(std::string domain, Feature feature,
                                        std::optional<bool> enabled) override;
  Task<Result<void>> set_account_features(AccountId id, FeatureEdits edits) override;
  Task<Result<void>> set_domain_features(std::string domain, FeatureEdits edits,
                                         bool clear_overrides) override;
  Task<Result<std::vector<Plan>>> list_plans() override;
  Task<Result<void>> delete_plan(std::string name) override;
  Task<Result<void>> put_plan(Plan plan) override;

  // Bounds of one alias: its own targets, and aliases that lead to aliases.
  static constexpr std::size_t kAliasTargetsMax = 1000;
  static constexpr int kAliasDepthMax = 10;

 private:
  // A change of one account: not_found if no row was changed, else the bell.
  Task<Result<void>> change_account(const Statement& statement, AccountId id, Params params);
  void ring_accounts(const Rows& rows);  // the first column names them

  Database& database_;
  Doorbell& doorbell_;  // rings the bus of this process as well
  const std::optional<char> detail_separator_;
  RecipientCache recipients_;
};

}  // namespace postern::postgres
