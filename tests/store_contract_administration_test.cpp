// The promises of Listings, Administrators and Records: pages within a reach, what proves who asks, an audit
// that no change passes by, licences, and a count of each day.
#include <gtest/gtest.h>

#include "tests/support/directory_fixture.h"

namespace postern::tests {
namespace {

using postgres::Params;
using postgres::Statement;

class AdministrationContract : public DirectoryFixture {
 protected:
  void SetUp() override {
    DirectoryFixture::SetUp();
    other_tenant_ = must(await(directory().create_tenant("other"))).id;
    must(await(directory().create_domain(other_tenant_, "other.test", "standard")));
    joe_ = create("joe@example.test").id;
    create("kim@example.test");
    create("joe@other.test");
    home_.tenant = tenant_;
  }

  std::unique_ptr<ActingStore> acting(std::optional<RowVersion> unchanged = {}) {
    return store_->acting(Act("ann", "token", "192.0.2.1"), std::move(unchanged));
  }

  std::vector<AuditEntry> audit(const std::string& object, Reach reach = {}) {
    RecordFilter filter;
    filter.object = object;
    return must(await(store_->records().audit(reach, filter, PageRange())));
  }

  std::vector<std::string> addresses(Reach reach, DirectoryFilter filter, PageRange range) {
    std::vector<std::string> found;
    for (const AccountEntry& entry : must(await(store_->listings().accounts(reach, filter, range)))) {
      found.push_back(entry.address);
    }
    return found;
  }

  FeatureEdits edit(Feature feature, std::optional<bool> enabled) {
    FeatureEdits edits;
    edits.emplace_back(feature, enabled);
    return edits;
  }

  Administrator administrator(Role role, Reach reach = {}) {
    Administrator asked;
    asked.name = "ann";
    asked.role = role;
    asked.reach = reach;
    asked.password_hash = "$y$canary";
    return must(await(store_->administrators().create(asked)));
  }

  TenantId other_tenant_{};
  AccountId joe_{};
  Reach home_;
};

TEST_F(AdministrationContract, AccountsComeInPagesWithinTheReach) {
  using Addresses = std::vector<std::string>;
  PageRange range;
  range.items_max = 2;
  EXPECT_EQ(addresses({}, {}, range), (Addresses{"joe@example.test", "joe@other.test"}));
  range.after = "joe@other.test";
  EXPECT_EQ(addresses({}, {}, range), (Addresses{"kim@example.test"}));
  EXPECT_EQ(addresses(home_, {}, PageRange()), (Addresses{"joe@example.test", "kim@example.test"}));
  DirectoryFilter filter;
  filter.begins_with = "J";
  EXPECT_EQ(addresses({}, filter, PageRange()), (Addresses{"joe@example.test", "joe@other.test"}));
  filter.domain = "other.test";
  EXPECT_EQ(addresses({}, filter, PageRange()), (Addresses{"joe@other.test"}));
  EXPECT_EQ(addresses(home_, filter, PageRange()), Addresses());
  DirectoryFilter foreign;
  foreign.tenant = other_tenant_;
  EXPECT_EQ(addresses(home_, foreign, PageRange()), Addresses());
  must(await(directory().set_account_feature(joe_, Feature::mobile_sync, true)));
  DirectoryFilter syncing;
  syncing.feature = Feature::mobile_sync;
  EXPECT_EQ(addresses({}, syncing, PageRange()), (Addresses{"joe@example.test"}));
  must(await(directory().delete_account(joe_)));
  EXPECT_EQ(addresses(home_, {}, PageRange()), (Addresses{"kim@example.test"}));
  DirectoryFilter deleted;
  deleted.status = AccountStatus::deleted;
  EXPECT_EQ(addresses(home_, deleted, PageRange()), (Addresses{"joe@example.test"}));
}

TEST_F(AdministrationContract, WhatIsBeyondTheReachIsNotThere) {
  Listings& listings = store_->listings();
  EXPECT_EQ(refusal(await(listings.account(home_, "joe@other.test"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(listings.domain(home_, "other.test"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(listings.tenant(home_, other_tenant_))), ErrorKind::not_found);
  EXPECT_EQ(must(await(listings.tenants(home_, PageRange()))).size(), 1u);
  EXPECT_EQ(must(await(listings.domains(home_, DirectoryFilter(), PageRange()))).size(), 1u);
  EXPECT_EQ(must(await(listings.account(home_, "Joe@Example.Test"))).id, joe_);
}

TEST_F(AdministrationContract, EveryLevelOfAFeatureIsTold) {
  must(await(directory().set_domain_features("example.test", edit(Feature::mobile_sync, true), false)));
  must(await(directory().set_account_features(joe_, edit(Feature::mobile_sync, false))));
  const auto levels = must(await(store_->listings().account({}, "joe@example.test"))).features;
  const FeatureLevels& sync = levels[static_cast<std::size_t>(Feature::mobile_sync)];
  EXPECT_FALSE(sync.plan);
  EXPECT_EQ(sync.domain, true);
  EXPECT_EQ(sync.account, false);
  must(await(directory().set_domain_features("example.test", edit(Feature::mobile_sync, true), true)));
  EXPECT_TRUE(must(await(directory().account(joe_))).allows(Feature::mobile_sync));
}

TEST_F(AdministrationContract, AChangeStandsInTheAuditWithItsValues) {
  AccountChange change;
  change.display_name = "Joe";
  change.quota_octets = std::optional<std::uint64_t>(5000);
  must(await(acting()->directory().change_account(joe_, change)));
  const std::vector<AuditEntry> entries = audit("joe@example.test", home_);
  ASSERT_EQ(entries.size(), 2u);  // and its creation
  EXPECT_EQ(entries[0].who, "ann");
  EXPECT_EQ(entries[0].via, "token");
  EXPECT_EQ(entries[0].from, "192.0.2.1");
  EXPECT_EQ(entries[0].action, "change");
  EXPECT_EQ(entries[0].domain, "example.test");
  EXPECT_EQ(entries[0].before, R"({"display_name": "", "quota_octets": null})");
  EXPECT_EQ(entries[0].after, R"({"display_name": "Joe", "quota_octets": 5000})");
  EXPECT_EQ(entries[1].action, "create");
  EXPECT_EQ(entries[1].who, "");
  Reach other;
  other.tenant = other_tenant_;
  EXPECT_TRUE(audit("joe@example.test", other).empty());
  EXPECT_EQ(must(await(directory().quota(joe_))).octets_max, 5000u);
}

TEST_F(AdministrationContract, WhatIsRefusedIsNotInTheAudit) {
  AccountChange change;
  change.quota_octets = std::optional<std::uint64_t>(0);
  EXPECT_EQ(refusal(await(acting()->directory().change_account(joe_, change))), ErrorKind::invalid);
  EXPECT_EQ(audit("joe@example.test").size(), 1u);
}

TEST_F(AdministrationContract, SecretsAreNeverInTheAudit) {
  Credentials credentials{"$y$j9T$canary", "4096:canary:canary:canary"};
  must(await(acting()->directory().set_credentials(joe_, credentials)));
  administrator(Role::provider);
  must(await(acting()->administrators().create_app_password(joe_, std::string(32, 'c'), "phone", 4)));
  must(await(acting()->administrators().begin_second_factor(Owner(joe_), "canary")));
  const postgres::Rows all =
      sql(Statement{"whole_audit", "SELECT before::text, after::text FROM audit"}, Params());
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (int column : {0, 1}) {
      const auto text = all[i].get<std::optional<std::string>>(column).value_or("");
      EXPECT_EQ(text.find("canary"), std::string::npos) << text;
      EXPECT_EQ(text.find(std::string(8, '6')), std::string::npos) << text;
    }
  }
  const AuditEntry changed = audit("joe@example.test")[2];
  EXPECT_EQ(changed.after, "{\"password_hash\": \"(another secret)\"}");
}

TEST_F(AdministrationContract, AChangeOfFeaturesIsAnEvent) {
  must(await(acting()->directory().set_account_features(joe_, edit(Feature::mobile_sync, true))));
  must(await(acting()->directory().set_account_features(joe_, edit(Feature::mobile_sync, true))));
  must(await(acting()->directory().set_domain_features("example.test", edit(Feature::pop3, false), false)));
  const auto events = must(await(store_->records().feature_events(home_, RecordFilter(), PageRange())));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].level, "domain");
  EXPECT_EQ(events[0].feature, Feature::pop3);
  EXPECT_EQ(events[0].after, false);
  EXPECT_EQ(events[1].name, "joe@example.test");
  EXPECT_EQ(events[1].before, std::nullopt);
  EXPECT_EQ(events[1].after, true);
  EXPECT_EQ(events[1].who, "ann");
}

TEST_F(AdministrationContract, AnotherPlanIsAnEventForEachFeatureThatDiffers) {
  Plan plan = plan_with(Feature::mobile_sync, true);
  plan.name = "sync only";
  must(await(directory().put_plan(plan)));
  must(await(acting()->directory().set_domain_plan("example.test", "sync only")));
  const auto events = must(await(store_->records().feature_events(home_, RecordFilter(), PageRange())));
  EXPECT_EQ(events.size(), 5u);  // all but recovery_for_pop, which is off in both
  for (const FeatureEvent& event : events) EXPECT_EQ(event.after, event.feature == Feature::mobile_sync);
}

TEST_F(AdministrationContract, LicencesAreHeldAtEveryLevel) {
  must(await(directory().change_tenant(tenant_, std::nullopt, std::optional<std::uint64_t>(1))));
  must(await(directory().set_account_features(joe_, edit(Feature::mobile_sync, true))));
  const AccountId kim = must(await(directory().find_account("kim@example.test"))).id;
  const auto second = await(directory().set_account_features(kim, edit(Feature::mobile_sync, true)));
  ASSERT_EQ(refusal(second), ErrorKind::invalid);
  EXPECT_EQ(second.error().detail, kLicenceConstraint);
  const auto all =
      await(directory().set_domain_features("example.test", edit(Feature::mobile_sync, true), false));
  EXPECT_EQ(refusal(all), ErrorKind::invalid);
  EXPECT_EQ(refusal(await(directory().put_plan(plan_with(Feature::mobile_sync, true)))), ErrorKind::invalid);
  EXPECT_FALSE(must(await(directory().account(kim))).allows(Feature::mobile_sync));
  EXPECT_EQ(must(await(store_->listings().mobile_sync_used(tenant_))), 1u);
  must(await(directory().change_tenant(tenant_, std::nullopt, std::optional<std::uint64_t>(0))));
  AccountChange change;  // a maximum below what is used refuses only what adds
  change.display_name = "Joe";
  must(await(directory().change_account(joe_, change)));
  must(await(directory().set_account_features(joe_, edit(Feature::mobile_sync, false))));
}

TEST_F(AdministrationContract, TwoAtOnceDoNotPassTheLastLicence) {
  must(await(directory().change_tenant(tenant_, std::nullopt, std::optional<std::uint64_t>(1))));
  const AccountId kim = must(await(directory().find_account("kim@example.test"))).id;
  std::vector<Task<Result<void>>> tasks;
  for (const AccountId id : {joe_, kim}) {
    tasks.push_back(directory().set_account_features(id, edit(Feature::mobile_sync, true)));
  }
  const auto outcomes = await_all(std::move(tasks));
  EXPECT_EQ(std::count_if(outcomes.begin(), outcomes.end(), [](const auto& o) { return bool(o); }), 1);
}

TEST_F(AdministrationContract, AChangeOfWhatHasChangedIsRefused) {
  const AccountEntry entry = must(await(store_->listings().account({}, "joe@example.test")));
  const RowVersion version(RowVersion::Of::account, entry.address, entry.version);
  AccountChange change;
  change.display_name = "Joe";
  must(await(acting(version)->directory().change_account(joe_, change)));
  change.display_name = "Jim";
  const auto refused = await(acting(version)->directory().change_account(joe_, change));
  ASSERT_EQ(refusal(refused), ErrorKind::invalid);
  EXPECT_EQ(refused.error().detail, kVersionConstraint);
  EXPECT_EQ(must(await(directory().account(joe_))).profile.display_name, "Joe");
}

TEST_F(AdministrationContract, ATokenIsFoundWhileItCounts) {
  Administrators& administrators = store_->administrators();
  const Administrator ann = administrator(Role::reseller, home_);
  Token token;
  token.name = "billing";
  token.scopes = {Scope::usage_read};
  token.expires_at = clock_.now() + std::chrono::hours(1);
  must(await(administrators.create_token(ann.id, std::string(32, 'a'), token)));
  const TokenHolder holder = must(await(administrators.find_token(std::string(32, 'a'))));
  EXPECT_EQ(holder.administrator.name, "ann");
  EXPECT_EQ(holder.administrator.reach, home_);
  EXPECT_EQ(holder.scopes, token.scopes);
  EXPECT_EQ(refusal(await(administrators.find_token(std::string(32, 'b')))), ErrorKind::not_found);
  must(await(administrators.change(ann.id, true, std::nullopt)));
  EXPECT_EQ(refusal(await(administrators.find_token(std::string(32, 'a')))), ErrorKind::not_found);
  must(await(administrators.change(ann.id, false, std::nullopt)));
  token.expires_at = clock_.now() - std::chrono::hours(1);
  must(await(administrators.create_token(ann.id, std::string(32, 'd'), token)));
  EXPECT_EQ(refusal(await(administrators.find_token(std::string(32, 'd')))), ErrorKind::not_found);
}

TEST_F(AdministrationContract, APageSessionEndsWithWhatItRestsOn) {
  Administrators& administrators = store_->administrators();
  const Administrator ann = administrator(Role::provider);
  const Milliseconds idle{60'000};
  const std::string hash(32, 's');
  must(await(administrators.begin_session(hash, Owner(ann.id))));
  EXPECT_EQ(must(await(administrators.use_session(hash, idle, idle))).administrator, ann.id);
  EXPECT_EQ(refusal(await(administrators.use_session(hash, Milliseconds(0), idle))), ErrorKind::not_found);
  must(await(administrators.change(ann.id, std::nullopt, "$y$other")));
  EXPECT_EQ(refusal(await(administrators.use_session(hash, idle, idle))), ErrorKind::not_found);
  must(await(administrators.begin_session(hash, Owner(joe_))));
  EXPECT_EQ(must(await(administrators.use_session(hash, idle, idle))).account, joe_);
  must(await(directory().set_status(joe_, AccountStatus::disabled)));
  EXPECT_EQ(refusal(await(administrators.use_session(hash, idle, idle))), ErrorKind::not_found);
  EXPECT_EQ(audit("ann")[0].action, "change");
  EXPECT_EQ(audit("joe@example.test")[1].action, "sign_in");
}

TEST_F(AdministrationContract, ACodeCountsOnce) {
  Administrators& administrators = store_->administrators();
  must(await(administrators.begin_second_factor(Owner(joe_), "first")));
  must(await(administrators.begin_second_factor(Owner(joe_), "second")));
  EXPECT_FALSE(must(await(administrators.second_factor(Owner(joe_))))->confirmed);
  must(await(administrators.take_step(Owner(joe_), 1000)));
  EXPECT_TRUE(must(await(administrators.second_factor(Owner(joe_))))->confirmed);
  EXPECT_EQ(refusal(await(administrators.take_step(Owner(joe_), 1000))), ErrorKind::stale);
  EXPECT_EQ(refusal(await(administrators.begin_second_factor(Owner(joe_), "third"))),
            ErrorKind::already_exists);
}

TEST_F(AdministrationContract, AppPasswordsComeWithTheirAccount) {
  must(await(store_->administrators().create_app_password(joe_, std::string(32, 'p'), "phone", 1 << 2)));
  const AccountRecord joe = must(await(directory().account(joe_)));
  ASSERT_EQ(joe.app_passwords.size(), 1u);
  EXPECT_EQ(joe.app_passwords[0].sha256, std::string(32, 'p'));
  EXPECT_TRUE(joe.app_passwords[0].opens(Feature::mobile_sync));
  EXPECT_FALSE(joe.app_passwords[0].opens(Feature::imap));
}

TEST_F(AdministrationContract, ARepeatedRequestFindsTheFirstAnswer) {
  Administrators& administrators = store_->administrators();
  EXPECT_TRUE(must(await(administrators.claim_answer("ann", "k", std::string(32, 'r')))).first);
  EXPECT_FALSE(must(await(administrators.claim_answer("ann", "k", std::string(32, 'r')))).status.has_value());
  must(await(administrators.keep_answer("ann", "k", 201, "etag", "body")));
  const KeptAnswer kept = must(await(administrators.claim_answer("ann", "k", std::string(32, 'r'))));
  EXPECT_FALSE(kept.first);
  EXPECT_EQ(kept.status, 201);
  EXPECT_EQ(kept.body, "body");
  EXPECT_FALSE(must(await(administrators.claim_answer("ann", "k", std::string(32, 'x')))).same_request);
  EXPECT_TRUE(must(await(administrators.claim_answer("bob", "k", std::string(32, 'r')))).first);
}

TEST_F(AdministrationContract, ADayIsCountedOnceHoweverOften) {
  must(await(directory().set_account_features(joe_, edit(Feature::mobile_sync, true))));
  must(await(directory().set_account_features(joe_, edit(Feature::mobile_sync, false))));
  must(await(store_->records().count_usage()));
  must(await(store_->records().count_usage()));
  const postgres::Rows month =
      sql(Statement{"month", "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')"}, Params());
  const auto days = must(
      await(store_->records().usage(home_, RecordFilter(), month[0].get<std::string>(0), UsagePlace(), 100)));
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].address, "joe@example.test");
  EXPECT_EQ(days[0].plan, "standard");
  const auto& on = days[0].features;  // for a moment only, but it was on
  EXPECT_EQ(std::count(on.begin(), on.end(), Feature::mobile_sync), 1);
  EXPECT_EQ(std::count(days[1].features.begin(), days[1].features.end(), Feature::mobile_sync), 0);
}

TEST_F(AdministrationContract, AnAdministratorsNameIsNoAddress) {
  Administrator asked;
  asked.role = Role::billing;
  for (const char* name : {"", "joe@example.test", "Ann", "a b", "a/b"}) {
    asked.name = name;
    EXPECT_EQ(refusal(await(store_->administrators().create(asked))), ErrorKind::invalid) << name;
  }
  asked.name = std::string(64, 'a');
  must(await(store_->administrators().create(asked)));
  EXPECT_EQ(refusal(await(store_->administrators().create(asked))), ErrorKind::already_exists);
}

}  // namespace
}  // namespace postern::tests
