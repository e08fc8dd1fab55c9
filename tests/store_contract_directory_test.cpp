// The promises of storage/directory.h about tenants, domains, accounts, plans and features.
#include <algorithm>
#include <set>

#include "tests/support/directory_fixture.h"
#include "tests/support/hostile_strings.h"

namespace postern::tests {
namespace {

using postgres::Params;
using postgres::Statement;

class DirectoryContract : public DirectoryFixture {};

TEST_F(DirectoryContract, NewAccountHasItsMailboxesSubscriptionsAndPlan) {
  const AccountRecord account = create("Alice@Example.TEST");
  EXPECT_EQ(account.address, "alice@example.test");
  EXPECT_EQ(account.status, AccountStatus::active);
  EXPECT_EQ(account.quota.octets, 0u);
  EXPECT_EQ(account.quota.octets_max, std::nullopt);
  const auto mailboxes = must(await(store_->mailboxes().list(account.id)));
  std::vector<std::string> names;
  std::set<UidValidity> validities;
  for (const Mailbox& mailbox : mailboxes) {
    names.push_back(mailbox.name.text() + std::string(attribute_of(mailbox.special_use)));
    validities.insert(mailbox.status.uid_validity);
    EXPECT_EQ(mailbox.status.uid_next, Uid{1});
  }
  const std::vector<std::string> expected{"Archive\\Archive", "Drafts\\Drafts", "INBOX",
                                          "Junk\\Junk",       "Sent\\Sent",     "Trash\\Trash"};
  EXPECT_EQ(names, expected);
  EXPECT_EQ(validities.size(), 6u);
  EXPECT_EQ(must(await(store_->mailboxes().subscriptions(account.id))).size(), 6u);
}

TEST_F(DirectoryContract, AccountIsFoundByAnySpellingOfItsAddress) {
  const AccountRecord account = create("alice@example.test");
  EXPECT_EQ(must(await(directory().find_account("ALICE@example.Test"))).id, account.id);
  EXPECT_EQ(must(await(directory().account(account.id))).address, "alice@example.test");
  for (const char* address :
       {"bob@example.test", "alice@other.test", "alice", "", "alice@", "a b@example.test"}) {
    EXPECT_EQ(refusal(await(directory().find_account(address))), ErrorKind::not_found) << address;
  }
  EXPECT_EQ(refusal(await(directory().account(AccountId{999999}))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().quota(AccountId{999999}))), ErrorKind::not_found);
}

TEST_F(DirectoryContract, AddressIsTakenOnce) {
  const AccountRecord account = create("alice@example.test");
  EXPECT_EQ(refusal(try_create("ALICE@example.test")), ErrorKind::already_exists);
  must(await(directory().delete_account(account.id)));
  EXPECT_EQ(refusal(try_create("alice@example.test")), ErrorKind::already_exists);
  must(await(directory().set_alias("sales@example.test", {"alice@example.test"})));
  EXPECT_EQ(refusal(try_create("sales@example.test")), ErrorKind::already_exists);
}

TEST_F(DirectoryContract, AccountNeedsADomainAnAddressAndASoundQuota) {
  EXPECT_EQ(refusal(try_create("alice@elsewhere.test")), ErrorKind::not_found);
  EXPECT_EQ(refusal(try_create("alice")), ErrorKind::invalid);
  AccountLimits nothing;
  nothing.quota_octets = 0;
  EXPECT_EQ(refusal(try_create("alice@example.test", nothing)), ErrorKind::invalid);
  AccountLimits beyond;
  beyond.quota_octets = UINT64_MAX;
  EXPECT_EQ(refusal(try_create("alice@example.test", beyond)), ErrorKind::invalid);
  EXPECT_EQ(refusal(await(directory().find_account("alice@example.test"))), ErrorKind::not_found);
}

TEST_F(DirectoryContract, OfAccountsMadeAtOnceOneIsMade) {
  std::vector<Task<Result<AccountRecord>>> tasks;
  for (int i = 0; i < 8; ++i) tasks.push_back(directory().create_account("alice@example.test", {}, {}));
  std::size_t made = 0;
  for (const auto& result : await_all(std::move(tasks))) {
    made += result ? 1 : 0;
    if (!result) {
      EXPECT_EQ(result.error().kind, ErrorKind::already_exists);
    }
  }
  EXPECT_EQ(made, 1u);
}

TEST_F(DirectoryContract, AliasAndAccountMadeAtOnceDoNotShareTheAddress) {
  for (int i = 0; i < 10; ++i) {
    const std::string address = "n" + std::to_string(i) + "@example.test";
    std::vector<std::string> targets{"alice@example.test"};
    std::vector<Task<Result<void>>> tasks;
    tasks.push_back(only_outcome(directory().create_account(address, {}, {})));
    tasks.push_back(directory().set_alias(address, targets));
    const auto results = await_all(std::move(tasks));
    EXPECT_NE(results[0].has_value(), results[1].has_value()) << address;
  }
}

TEST_F(DirectoryContract, CredentialsAreKeptAsGiven) {
  const AccountRecord account = create("alice@example.test");
  Credentials credentials{"$y$j9T$salt$hash'\\", "4096:c2FsdA==:a:b"};
  must(await(directory().set_credentials(account.id, credentials)));
  const AccountRecord found = must(await(directory().find_account("alice@example.test")));
  EXPECT_EQ(found.credentials.password_hash, credentials.password_hash);
  EXPECT_EQ(found.credentials.scram_sha256, credentials.scram_sha256);
  EXPECT_EQ(refusal(await(directory().set_credentials(AccountId{999999}, credentials))),
            ErrorKind::not_found);
}

TEST_F(DirectoryContract, CredentialsAreUpgradedUnlessTheyWereChangedMeanwhile) {
  const AccountRecord account = create("alice@example.test");
  const Credentials imported{"{SSHA}old", ""};
  const Credentials upgraded{"$y$j9T$salt$hash", "4096:c2FsdA==:a:b"};
  const auto hash = [&] { return must(await(directory().account(account.id))).credentials.password_hash; };
  must(await(directory().set_credentials(account.id, imported)));
  must(await(directory().upgrade_credentials(account.id, imported.password_hash, upgraded)));
  EXPECT_EQ(hash(), upgraded.password_hash);
  must(await(directory().set_credentials(account.id, {"$y$j9T$changed", ""})));
  EXPECT_EQ(refusal(await(directory().upgrade_credentials(account.id, imported.password_hash, upgraded))),
            ErrorKind::not_found);
  EXPECT_EQ(hash(), "$y$j9T$changed");
}

TEST_F(DirectoryContract, StatusGoesBothWays) {
  const AccountRecord account = create("alice@example.test");
  const auto status = [&] { return must(await(directory().account(account.id))).status; };
  must(await(directory().set_status(account.id, AccountStatus::disabled)));
  EXPECT_EQ(status(), AccountStatus::disabled);
  must(await(directory().delete_account(account.id)));
  EXPECT_EQ(status(), AccountStatus::deleted);
  EXPECT_EQ(refusal(await(directory().delete_account(account.id))), ErrorKind::not_found);
  EXPECT_EQ(must(await(directory().find_domain("example.test"))).accounts, 0u);
  must(await(directory().set_status(account.id, AccountStatus::active)));
  EXPECT_EQ(status(), AccountStatus::active);
  EXPECT_EQ(must(await(directory().find_domain("example.test"))).accounts, 1u);
}

// The account's word counts before the domain's, and that before the plan's; other features do not move.
TEST_F(DirectoryContract, EffectiveFeaturesOfEveryCombination) {
  const AccountRecord account = create("alice@example.test");
  const std::optional<bool> overrides[] = {std::nullopt, false, true};
  for (Feature feature : kFeatures) {
    for (bool in_plan : {false, true}) {
      must(await(directory().put_plan(plan_with(feature, in_plan))));
      for (const auto& of_domain : overrides) {
        must(await(directory().set_domain_feature("example.test", feature, of_domain)));
        for (const auto& of_account : overrides) {
          must(await(directory().set_account_feature(account.id, feature, of_account)));
          const AccountRecord now = must(await(directory().account(account.id)));
          const EffectiveFeature effective = now.features[static_cast<std::size_t>(feature)];
          EXPECT_EQ(effective.enabled, of_account.value_or(of_domain.value_or(in_plan)));
          EXPECT_EQ(effective.source, of_account  ? FeatureSource::account
                                      : of_domain ? FeatureSource::domain
                                                  : FeatureSource::plan);
          for (Feature other : kFeatures) {
            if (other == feature) continue;
            EXPECT_EQ(now.features[static_cast<std::size_t>(other)].enabled, !in_plan);
          }
        }
      }
      must(await(directory().set_account_feature(account.id, feature, std::nullopt)));
      must(await(directory().set_domain_feature("example.test", feature, std::nullopt)));
    }
  }
  EXPECT_EQ(refusal(await(directory().set_account_feature(AccountId{999999}, Feature::imap, true))),
            ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().set_domain_feature("no.test", Feature::imap, true))),
            ErrorKind::not_found);
}

TEST_F(DirectoryContract, QuotaIsTheAccountsOwnElseThePlans) {
  const AccountRecord account = create("alice@example.test");
  const auto octets_max = [&] { return must(await(directory().quota(account.id))).octets_max; };
  Plan plan = plan_with(Feature::imap, true);
  plan.quota_octets = 1000;
  must(await(directory().put_plan(plan)));
  EXPECT_EQ(octets_max(), 1000u);
  must(await(directory().set_limits(account.id, AccountLimits{50, 7})));
  EXPECT_EQ(octets_max(), 50u);
  EXPECT_EQ(must(await(directory().account(account.id))).quota.messages_max, 7u);
  plan.quota_octets = 2000;
  must(await(directory().put_plan(plan)));
  EXPECT_EQ(octets_max(), 50u);
  must(await(directory().set_limits(account.id, AccountLimits{})));
  EXPECT_EQ(octets_max(), 2000u);
  EXPECT_EQ(must(await(directory().quota(account.id))).messages_max, std::nullopt);
  plan.quota_octets = std::nullopt;
  must(await(directory().put_plan(plan)));
  EXPECT_EQ(octets_max(), std::nullopt);
  EXPECT_EQ(refusal(await(directory().set_limits(account.id, AccountLimits{0, 1}))), ErrorKind::invalid);
  EXPECT_EQ(refusal(await(directory().set_limits(account.id, AccountLimits{1, 0}))), ErrorKind::invalid);
  EXPECT_EQ(refusal(await(directory().set_limits(AccountId{999999}, AccountLimits{1, 1}))),
            ErrorKind::not_found);
}

TEST_F(DirectoryContract, NewAccountsTakeThePlansQuota) {
  Plan plan = plan_with(Feature::imap, true);
  plan.quota_octets = 4242;
  must(await(directory().put_plan(plan)));
  EXPECT_EQ(create("alice@example.test").quota.octets_max, 4242u);
  EXPECT_EQ(must(try_create("bob@example.test", AccountLimits{7, 3})).quota.octets_max, 7u);
}

TEST_F(DirectoryContract, PlansAreListedAndBounded) {
  Plan plan = plan_with(Feature::mobile_sync, true);
  plan.name = "zeta";
  plan.recovery_days = 90;
  plan.quota_octets = 5;
  must(await(directory().put_plan(plan)));
  const auto plans = must(await(directory().list_plans()));
  ASSERT_EQ(plans.size(), 2u);
  EXPECT_EQ(plans[0].name, "standard");
  EXPECT_EQ(plans[1].name, "zeta");
  EXPECT_EQ(plans[1].features, plan.features);
  EXPECT_EQ(plans[1].quota_octets, 5u);
  EXPECT_EQ(plans[1].recovery_days, 90u);
  plan.recovery_days = 91;
  EXPECT_EQ(refusal(await(directory().put_plan(plan))), ErrorKind::invalid);
  plan.recovery_days = 1;
  plan.name = "";
  EXPECT_EQ(refusal(await(directory().put_plan(plan))), ErrorKind::invalid);
}

TEST_F(DirectoryContract, DomainsAndTenantsHaveOneNameEach) {
  EXPECT_EQ(refusal(await(directory().create_tenant("tenant"))), ErrorKind::already_exists);
  EXPECT_EQ(must(await(directory().find_tenant("tenant"))).id, tenant_);
  EXPECT_EQ(refusal(await(directory().find_tenant("nobody"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().create_tenant(std::string("a\0b", 3)))), ErrorKind::invalid);

  const Domain domain = must(await(directory().create_domain(tenant_, "Bücher.Example", "standard")));
  EXPECT_EQ(domain.name, "xn--bcher-kva.example");
  EXPECT_EQ(must(await(directory().find_domain("bücher.example"))).id, domain.id);
  EXPECT_EQ(refusal(await(directory().create_domain(tenant_, "BÜCHER.example", "standard"))),
            ErrorKind::already_exists);
  EXPECT_EQ(refusal(await(directory().create_domain(tenant_, "new.test", "no plan"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().create_domain(TenantId{999999}, "new.test", "standard"))),
            ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().create_domain(tenant_, "a@b.test", "standard"))), ErrorKind::invalid);
  EXPECT_EQ(refusal(await(directory().find_domain("new.test"))), ErrorKind::not_found);
  EXPECT_EQ(must(await(directory().list_domains())).size(), 2u);
}

TEST_F(DirectoryContract, DomainWithAccountsStays) {
  const AccountRecord account = create("alice@example.test");
  must(await(directory().set_alias("sales@example.test", {"alice@example.test"})));
  EXPECT_EQ(refusal(await(directory().delete_domain("example.test"))), ErrorKind::denied);
  must(await(directory().delete_account(account.id)));
  EXPECT_EQ(refusal(await(directory().delete_domain("example.test"))), ErrorKind::denied);
  EXPECT_EQ(must(await(directory().list_aliases("example.test"))).size(), 1u) << "a refusal changes nothing";

  must(await(directory().create_domain(tenant_, "empty.test", "standard")));
  must(await(directory().set_alias("sales@empty.test", {"alice@example.test"})));
  must(await(directory().delete_domain("EMPTY.test")));
  EXPECT_EQ(refusal(await(directory().find_domain("empty.test"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(directory().delete_domain("empty.test"))), ErrorKind::not_found);
}

TEST_F(DirectoryContract, AccountsAreListedByAddress) {
  create("carol@example.test");
  create("alice@example.test");
  const auto accounts = must(await(directory().list_accounts("Example.Test")));
  ASSERT_EQ(accounts.size(), 2u);
  EXPECT_EQ(accounts[0].address, "alice@example.test");
  EXPECT_EQ(accounts[1].address, "carol@example.test");
  EXPECT_EQ(refusal(await(directory().list_accounts("no.test"))), ErrorKind::not_found);
}

TEST_F(DirectoryContract, EveryChangeOfAnAccountRings) {
  const AccountRecord account = create("alice@example.test");
  std::size_t rings = 0;
  const Subscription subscription = store_->changes().listen_account(account.id, [&] { ++rings; });
  const auto rang = [&] { return std::exchange(rings, 0) > 0; };
  must(await(directory().set_credentials(account.id, {"x", ""})));
  EXPECT_TRUE(rang());
  must(await(directory().set_status(account.id, AccountStatus::disabled)));
  EXPECT_TRUE(rang());
  must(await(directory().set_limits(account.id, AccountLimits{1, 1})));
  EXPECT_TRUE(rang());
  must(await(directory().set_account_feature(account.id, Feature::pop3, false)));
  EXPECT_TRUE(rang());
  must(await(directory().set_domain_feature("example.test", Feature::pop3, false)));
  EXPECT_TRUE(rang());
  must(await(directory().put_plan(plan_with(Feature::imap, false))));
  EXPECT_TRUE(rang());
  must(await(directory().delete_account(account.id)));
  EXPECT_TRUE(rang());
  must(await(directory().account(account.id)));
  EXPECT_FALSE(rang());
}

// Names are data: whatever is accepted comes back as it was stored, and nothing else happens.
TEST_F(DirectoryContract, HostileStringsAreOnlyStrings) {
  create("alice@example.test");
  std::set<std::string> stored;
  std::size_t refused = 0;
  for (const std::string& hostile : hostile_strings()) {
    const std::string address = hostile + "@example.test";
    ASSERT_EQ(refusal(await(directory().find_account(address))), ErrorKind::not_found);
    const auto set = await(directory().set_alias(address, {"alice@example.test"}));
    if (set) {
      stored.insert(parse_address(address)->text());
    } else {
      ASSERT_EQ(set.error().kind, ErrorKind::invalid);
      ++refused;
    }
  }
  EXPECT_GT(stored.size(), 1000u);
  EXPECT_GT(refused, 1000u);
  std::set<std::string> listed;
  for (const Alias& alias : must(await(directory().list_aliases("example.test"))))
    listed.insert(alias.address);
  EXPECT_EQ(listed, stored);
  std::size_t asked = 0;
  for (const std::string& address : stored) {
    if (++asked % 10 == 0) {
      ASSERT_EQ(must(await(directory().resolve(address))).size(), 1u) << address;
    }
  }
  EXPECT_EQ(must(await(directory().list_accounts("example.test"))).size(), 1u);
}

TEST_F(DirectoryContract, HostileStringsElsewhere) {
  for (const std::string& hostile : hostile_strings(1000)) {
    const auto domain = await(directory().find_domain(hostile));
    ASSERT_EQ(refusal(domain), ErrorKind::not_found);
    ASSERT_EQ(refusal(await(directory().find_tenant(hostile))), ErrorKind::not_found);
    const auto tenant = await(directory().create_tenant(hostile + " tenant"));
    if (tenant) {
      ASSERT_EQ(must(await(directory().find_tenant(hostile + " tenant"))).id, tenant->id);
    } else {
      ASSERT_TRUE(tenant.error().kind == ErrorKind::invalid ||
                  tenant.error().kind == ErrorKind::already_exists);
    }
  }
}

}  // namespace
}  // namespace postern::tests
