// Who there is: tenants, domains, accounts, aliases, credentials, plans and the features they give.
// Addresses compare without case in both parts; domains are kept as A-labels (IDNA 2008).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "storage/model/account.h"
#include "storage/model/session.h"

namespace postern {

class Directory {
 public:
  virtual ~Directory() = default;

  // --- what the doors ask -------------------------------------------------------------------------------
  // For log-in: one round trip, features already effective. not_found (never told to a client).
  virtual Task<Result<AccountRecord>> find_account(std::string address) = 0;
  virtual Task<Result<AccountRecord>> account(AccountId id) = 0;
  // Where mail for an address goes: the account, else the alias's accounts, else without the +detail, else
  // the domain's catch-all. not_found: unknown user; denied: account disabled. over_quota is not asked here.
  virtual Task<Result<std::vector<Recipient>>> resolve(std::string address) = 0;
  // The account's own address, then those of the aliases that lead to it alone. not_found.
  virtual Task<Result<std::vector<std::string>>> addresses(AccountId id) = 0;
  virtual Task<Result<QuotaUsage>> quota(AccountId id) = 0;
  // The address book: active accounts of the asker's own domain that do not hide from it, each word of `text`
  // being the beginning of a word of the name or of the address, or of the address of an alias that leads to
  // them alone. Without case, after Unicode folding, marks disregarded. One round trip. invalid: `text` has
  // no word; too_large: kPeopleMax.
  virtual Task<Result<People>> find_people(AccountId asker, std::string text, PeopleRange range) = 0;
  // 32 random octets under a name, the same on every node for ever; made at first use.
  virtual Task<Result<Secret>> shared_secret(std::string name) = 0;

  // --- administration -----------------------------------------------------------------------------------
  virtual Task<Result<Tenant>> create_tenant(std::string name) = 0;
  // The same with a maximum of Mobile Sync users; nullopt: any number.
  virtual Task<Result<Tenant>> create_tenant(std::string name,
                                             std::optional<std::uint64_t> mobile_sync_max) = 0;
  virtual Task<Result<Tenant>> find_tenant(std::string name) = 0;
  // What is absent stays; the inner nullopt: any number. not_found, already_exists, invalid (the name).
  virtual Task<Result<void>> change_tenant(TenantId id, std::optional<std::string> name,
                                           std::optional<std::optional<std::uint64_t>> mobile_sync_max) = 0;
  virtual Task<Result<void>> delete_tenant(TenantId id) = 0;  // denied while it has domains
  virtual Task<Result<Domain>> create_domain(TenantId tenant, std::string name, std::string plan) = 0;
  virtual Task<Result<Domain>> find_domain(std::string name) = 0;
  virtual Task<Result<std::vector<Domain>>> list_domains() = 0;
  virtual Task<Result<void>> delete_domain(std::string name) = 0;  // denied while it has accounts
  virtual Task<Result<void>> set_domain_plan(std::string domain, std::string plan) = 0;  // not_found
  virtual Task<Result<void>> set_catch_all(std::string domain, std::optional<std::string> address) = 0;

  // Creates the mailboxes INBOX, Sent, Drafts, Trash, Junk, Archive in the same transaction. already_exists
  // (also while a deleted account of that address is recoverable), not_found (domain), invalid.
  virtual Task<Result<AccountRecord>> create_account(std::string address, Credentials credentials,
                                                     AccountLimits limits) = 0;
  // The same with a name in the address book; invalid: a name's octets.
  virtual Task<Result<AccountRecord>> create_account(std::string address, Credentials credentials,
                                                     AccountLimits limits, Profile profile) = 0;
  // All at once. not_found, invalid.
  virtual Task<Result<void>> change_account(AccountId id, AccountChange change) = 0;
  virtual Task<Result<std::vector<AccountRecord>>> list_accounts(std::string domain) = 0;
  virtual Task<Result<void>> set_credentials(AccountId id, Credentials credentials) = 0;
  // The other processes' ChangeBus hears of it; may be lost.
  virtual void tell_failed_login(FailedLogin failed) = 0;
  // The same password in a better form. not_found, too, if the password hash is no longer `from`.
  virtual Task<Result<void>> upgrade_credentials(AccountId id, std::string from, Credentials credentials) = 0;
  virtual Task<Result<void>> set_limits(AccountId id, AccountLimits limits) = 0;
  virtual Task<Result<void>> set_status(AccountId id, AccountStatus status) = 0;
  virtual Task<Result<void>> set_profile(AccountId id, Profile profile) = 0;  // invalid: a name's octets
  virtual Task<Result<void>> delete_account(AccountId id) = 0;                // phase one of two

  virtual Task<Result<void>> set_alias(std::string address, std::vector<std::string> targets) = 0;
  virtual Task<Result<void>> delete_alias(std::string address) = 0;
  virtual Task<Result<std::vector<Alias>>> list_aliases(std::string domain) = 0;

  // nullopt: no override at this level, the next level's value counts.
  virtual Task<Result<void>> set_account_feature(AccountId id, Feature feature,
                                                 std::optional<bool> enabled) = 0;
  virtual Task<Result<void>> set_domain_feature(std::string domain, Feature feature,
                                                std::optional<bool> enabled) = 0;
  // Several at once. `clear_overrides`: the domain's accounts lose their own word about them.
  virtual Task<Result<void>> set_account_features(AccountId id, FeatureEdits edits) = 0;
  virtual Task<Result<void>> set_domain_features(std::string domain, FeatureEdits edits,
                                                 bool clear_overrides) = 0;
  virtual Task<Result<std::vector<Plan>>> list_plans() = 0;
  virtual Task<Result<void>> delete_plan(std::string name) = 0;  // not_found; denied while a domain has it
  virtual Task<Result<void>> put_plan(Plan plan) = 0;
};

}  // namespace postern
