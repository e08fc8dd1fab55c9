// The promises of DeviceStore: who a device is and whether it may, and ledgers that only one of two requests
// advances.
#include "storage/devices.h"

#include "gateway/async/channel.h"
#include "storage/postgres/ledger_codec.h"
#include "tests/support/hostile_strings.h"
#include "tests/support/mailbox_fixture.h"

namespace postern::tests {
namespace {

constexpr std::uint32_t kMax = 3;
constexpr CollectionId kInbox{7};
constexpr CollectionId kSent{8};
constexpr CollectionId kCalendar{-1};

DeviceSeen phone(const std::string& type = "iPhone", const std::string& address = "192.0.2.1") {
  DeviceSeen seen;
  seen.type = type;
  seen.user_agent = "Apple-iPhone/1.0";
  seen.protocol_version = "16.1";
  seen.address = address;
  return seen;
}

SyncLedger ledger(std::uint32_t key, std::optional<std::uint32_t> previous = std::nullopt) {
  SyncLedger made;
  made.current.key = key;
  made.current.modseq = ModSeq{key * 10U};
  made.current.told.add(Uid{1}, Uid{5});
  made.current.told.add(Uid{4294967295});
  made.current.added.emplace_back("client id", "7:12");
  made.current.added.emplace_back("", "");
  made.current.options = std::string("\0\x01\xFF", 3);
  if (previous) {
    made.previous.emplace();
    made.previous->key = *previous;
  }
  return made;
}

FolderLedger folders(std::uint32_t key) {
  FolderLedger made;
  made.current.key = key;
  KnownFolder inbox;
  inbox.id = kInbox;
  inbox.name = "INBOX";
  KnownFolder below;
  below.id = kCalendar;
  below.parent = kInbox;
  below.name =
      "Gr\xC3\xBC\xC3\x9F"
      "e";
  made.current.folders = {inbox, below};
  return made;
}

class DeviceContract : public MailboxFixture {
 protected:
  DeviceStore& devices() { return store_->devices(); }
  DeviceKey key(const std::string& id = "abc123") const { return DeviceKey(alice_, id); }
  Result<Device> try_open(const std::string& id, DeviceSeen seen = phone()) {
    return await(devices().open(key(id), std::move(seen), kMax));
  }
  Device open(const std::string& id = "abc123", DeviceSeen seen = phone()) {
    return must(try_open(id, std::move(seen)));
  }
  Device find(const std::string& id = "abc123") { return must(await(devices().find(key(id)))); }
  bool advance(CollectionId collection, std::optional<std::uint32_t> expected, SyncLedger next) {
    std::vector<LedgerChange> changes;
    changes.emplace_back(collection, expected, std::move(next));
    return must(await(devices().advance(key(), std::move(changes)))).size() == 1;
  }
  std::vector<CollectionLedger> ledgers(std::vector<CollectionId> collections) {
    return must(await(devices().ledgers(key(), std::move(collections))));
  }
  void add_rule(DeviceRuleField field, const std::string& pattern, DeviceAccess access,
                std::optional<std::string> domain = std::nullopt, std::int32_t position = 0) {
    DeviceRule rule;
    rule.domain = std::move(domain);
    rule.position = position;
    rule.field = field;
    rule.pattern = pattern;
    rule.access = access;
    must(await(devices().add_rule(tenant_, std::move(rule))));
  }
};

TEST_F(DeviceContract, IsMadeWhenFirstSeenAndFoundAgain) {
  const Device made = open();
  EXPECT_EQ(made.key, key());
  EXPECT_EQ(made.seen.type, "iPhone");
  EXPECT_EQ(made.access(), DeviceAccess::allowed);
  EXPECT_EQ(made.policy, DevicePolicy());
  EXPECT_FALSE(made.traced_until);
  const Device again = open("abc123", phone("iPhone", "192.0.2.2"));
  EXPECT_EQ(again.first_seen, made.first_seen);
  EXPECT_EQ(find().seen.address, "192.0.2.2");
  EXPECT_EQ(must(await(devices().list(alice_))).size(), 1U);
}

TEST_F(DeviceContract, IdsAreShortAndPlain) {
  for (const std::string& id : {std::string(), std::string(33, 'a'), std::string("a-b"), std::string("a b"),
                                std::string("../x"), std::string("a\0b", 3), std::string("\xC3\xBC")}) {
    EXPECT_EQ(refusal(try_open(id)), ErrorKind::invalid) << id;
  }
  EXPECT_TRUE(try_open(std::string(32, 'Z')));
  EXPECT_EQ(refusal(await(devices().open(DeviceKey(AccountId{999}, "a"), phone(), kMax))),
            ErrorKind::not_found);
  EXPECT_EQ(refusal(await(devices().find(key("other")))), ErrorKind::not_found);
}

TEST_F(DeviceContract, AnAccountHasABoundOfDevices) {
  for (std::uint32_t i = 0; i < kMax; ++i) open("d" + std::to_string(i));
  EXPECT_EQ(refusal(try_open("onemore")), ErrorKind::too_large);
  EXPECT_TRUE(try_open("d0", phone("other type"))) << "a known one is always let in";
  must(await(devices().remove(key("d1"))));
  EXPECT_TRUE(try_open("onemore"));
}

TEST_F(DeviceContract, OfManyNewDevicesAtOnceTheBoundHolds) {
  std::vector<Task<Result<Device>>> tasks;
  for (int i = 0; i < 12; ++i) tasks.push_back(devices().open(key("d" + std::to_string(i)), phone(), kMax));
  std::size_t made = 0;
  for (const auto& result : await_all(std::move(tasks))) made += result ? 1 : 0;
  EXPECT_EQ(made, kMax);
  EXPECT_EQ(must(await(devices().list(alice_))).size(), kMax);
}

TEST_F(DeviceContract, TakesHostileTextsAsTexts) {
  open();
  for (const std::string& text : hostile_strings(300)) {
    DeviceInformation information;
    information.model = text;
    information.friendly_name = text + std::string(300, 'x');
    must(await(devices().set_information(key(), std::move(information))));
    EXPECT_LE(find().information.friendly_name.size(), kDeviceTextOctetsMax);
  }
  DeviceInformation information;
  information.os = "iOS 18";
  information.imei = "490154203237518";
  information.phone_number = "+49 1";
  must(await(devices().set_information(key(), information)));
  EXPECT_EQ(find().information, information);
  EXPECT_EQ(refusal(await(devices().set_information(key("other"), information))), ErrorKind::not_found);
}

TEST_F(DeviceContract, PolicyKeysAdvanceByComparison) {
  open();
  DevicePolicy temporary;
  temporary.key = 4000000001U;
  temporary.version = 3;
  must(await(devices().set_policy(key(), 0, temporary)));
  EXPECT_EQ(find().policy, temporary);
  EXPECT_EQ(refusal(await(devices().set_policy(key(), 0, temporary))), ErrorKind::stale);
  DevicePolicy last = temporary;
  last.key = 2;
  last.final = true;
  must(await(devices().set_policy(key(), temporary.key, last)));
  EXPECT_EQ(find().policy, last);
}

TEST_F(DeviceContract, RemembersThePing) {
  open();
  DevicePing ping;
  ping.interval_s = 480;
  ping.folders = std::string("\0\xFF", 2);
  must(await(devices().set_ping(key(), ping)));
  EXPECT_EQ(find().ping.interval_s, 480U);
  EXPECT_EQ(find().ping.folders, ping.folders);
}

TEST_F(DeviceContract, WipesAreAskedForThenDone) {
  open();
  DevicePolicy agreed;
  agreed.key = 5;
  agreed.final = true;
  must(await(devices().set_policy(key(), 0, agreed)));
  EXPECT_EQ(refusal(await(devices().note_wipe_sent(key()))), ErrorKind::stale);
  EXPECT_EQ(refusal(await(devices().acknowledge_wipe(key()))), ErrorKind::stale);
  must(await(devices().request_wipe(key(), DeviceWipe::account_only, "admin@example.test")));
  Device device = find();
  EXPECT_EQ(device.wipe, DeviceWipe::account_only);
  EXPECT_EQ(device.wipe_asked_by, "admin@example.test");
  EXPECT_TRUE(device.wipe_pending());
  EXPECT_FALSE(device.wipe_sent_at);
  must(await(devices().note_wipe_sent(key())));
  device = find();
  EXPECT_TRUE(device.wipe_sent_at);
  must(await(devices().note_wipe_sent(key())));
  EXPECT_EQ(find().wipe_sent_at, device.wipe_sent_at) << "the first time counts";
  must(await(devices().acknowledge_wipe(key())));
  device = find();
  EXPECT_FALSE(device.wipe_pending());
  EXPECT_TRUE(device.wiped_at);
  EXPECT_EQ(device.policy, DevicePolicy()) << "what it has agreed to is erased, too";
  must(await(devices().acknowledge_wipe(key())));
  EXPECT_EQ(find().wiped_at, device.wiped_at) << "the first time counts";
  must(await(devices().request_wipe(key(), DeviceWipe::none, "")));
  EXPECT_FALSE(find().wiped_at);
  EXPECT_FALSE(find().wipe_sent_at);
}

TEST_F(DeviceContract, PoliciesComeFromPlanDomainAndAccountInThisOrder) {
  using Values = std::vector<std::string>;
  const auto set = [this](PolicyLevel level, const std::string& of, Values values) {
    return await(devices().set_policy_values(level, of, std::move(values)));
  };
  open();
  EXPECT_TRUE(find().policy_values.empty());
  must(set(PolicyLevel::account, "Alice@example.test", {"lock_after_s=10"}));
  must(set(PolicyLevel::plan, "standard", {"lock_after_s=30", "camera_allowed=false"}));
  must(set(PolicyLevel::domain, "EXAMPLE.test", {"lock_after_s=20"}));
  EXPECT_EQ(find().policy_values,
            (Values{"lock_after_s=30", "camera_allowed=false", "lock_after_s=20", "lock_after_s=10"}));
  must(set(PolicyLevel::plan, "standard", {}));
  EXPECT_EQ(find().policy_values, (Values{"lock_after_s=20", "lock_after_s=10"}));
  EXPECT_EQ(must(await(devices().policy_values(PolicyLevel::domain, "example.test"))),
            (Values{"lock_after_s=20"}));
  EXPECT_EQ(refusal(set(PolicyLevel::account, "alice@example.test", {"lock_after_s=9999"})),
            ErrorKind::invalid);
  EXPECT_EQ(refusal(set(PolicyLevel::account, "alice@example.test", {"telepathy=true"})), ErrorKind::invalid);
  EXPECT_EQ(refusal(set(PolicyLevel::plan, "standard", Values(kPolicyValuesMax + 1, "lock_after_s=1"))),
            ErrorKind::invalid);
  must(set(PolicyLevel::plan, "standard", Values(kPolicyValuesMax, "lock_after_s=1")));
  EXPECT_EQ(refusal(set(PolicyLevel::account, "nobody@example.test", {})), ErrorKind::not_found);
  EXPECT_EQ(refusal(set(PolicyLevel::domain, "nowhere.test", {})), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(devices().policy_values(PolicyLevel::plan, "nothing"))), ErrorKind::not_found);
}

TEST_F(DeviceContract, RemembersTheVersionsThatItWasTold) {
  DeviceSeen seen = phone();
  seen.versions_offered = "12.1,14.0";
  EXPECT_EQ(open("abc123", seen).versions_told, "12.1,14.0");
  seen.versions_offered = "12.1,14.0,16.1";
  seen.address = "192.0.2.9";
  EXPECT_EQ(open("abc123", seen).versions_told, "12.1,14.0") << "it has not been told yet";
  must(await(devices().set_versions_told(key(), "12.1,14.0,16.1")));
  EXPECT_EQ(find().versions_told, "12.1,14.0,16.1");
  EXPECT_EQ(refusal(await(devices().set_versions_told(key("other"), "12.1"))), ErrorKind::not_found);
}

TEST_F(DeviceContract, ATraceEndsByItself) {
  open();
  must(await(devices().trace(key(), Milliseconds(60'000))));
  ASSERT_TRUE(find().traced_until);
  EXPECT_GT(*find().traced_until, clock_.now());
  must(await(devices().trace(key(), Milliseconds(0))));
  EXPECT_FALSE(find().traced_until);
  EXPECT_EQ(refusal(await(devices().trace(key("other"), Milliseconds(1)))), ErrorKind::not_found);
}

TEST_F(DeviceContract, RulesDecideUntilAnAdministratorDoes) {
  must(await(directory().create_domain(tenant_, "other.test", "standard")));
  add_rule(DeviceRuleField::type, "iph*", DeviceAccess::quarantined);
  EXPECT_EQ(open().access(), DeviceAccess::quarantined);
  EXPECT_EQ(open("b", phone("Android")).access(), DeviceAccess::allowed);
  add_rule(DeviceRuleField::type, "*", DeviceAccess::blocked, std::nullopt, 1);
  EXPECT_EQ(open().access(), DeviceAccess::quarantined) << "the lower position comes first";
  EXPECT_EQ(open("b", phone("Android")).access(), DeviceAccess::blocked);
  add_rule(DeviceRuleField::protocol_version, "16.1", DeviceAccess::allowed, "example.test", 9);
  EXPECT_EQ(open("b", phone("Android")).access(), DeviceAccess::allowed)
      << "the domain's come before the tenant's";
  add_rule(DeviceRuleField::user_agent, "*", DeviceAccess::blocked, "other.test", 0);
  EXPECT_EQ(open("b", phone("Android")).access(), DeviceAccess::allowed) << "another domain's rule";
  must(await(devices().decide(key("b"), DeviceAccess::blocked)));
  EXPECT_EQ(find("b").access(), DeviceAccess::blocked);
  must(await(devices().decide(key("b"), std::nullopt)));
  EXPECT_EQ(find("b").access(), DeviceAccess::allowed);

  const auto rules = must(await(devices().rules(tenant_)));
  ASSERT_EQ(rules.size(), 4U);
  EXPECT_EQ(rules[0].domain, "example.test");
  EXPECT_EQ(rules[2].pattern, "iph*");
  must(await(devices().delete_rule(tenant_, rules[0].id)));
  EXPECT_EQ(open("b", phone("Android")).access(), DeviceAccess::blocked);
  EXPECT_EQ(refusal(await(devices().delete_rule(tenant_, rules[0].id))), ErrorKind::not_found);
  DeviceRule nowhere;
  nowhere.domain = "nowhere.test";
  nowhere.pattern = "*";
  EXPECT_EQ(refusal(await(devices().add_rule(tenant_, nowhere))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(devices().add_rule(tenant_, DeviceRule()))), ErrorKind::invalid);
}

TEST_F(DeviceContract, PatternsTakeEverythingButTheStarLiterally) {
  add_rule(DeviceRuleField::type, "100%_\\x*", DeviceAccess::blocked);
  EXPECT_EQ(open("a", phone("100%_\\xyz")).access(), DeviceAccess::blocked);
  EXPECT_EQ(open("b", phone("100abcxyz")).access(), DeviceAccess::allowed);
}

TEST_F(DeviceContract, LedgersComeBackAsTheyWent) {
  open();
  EXPECT_TRUE(ledgers({kInbox, kCalendar}).empty());
  const SyncLedger first = ledger(1);
  EXPECT_TRUE(advance(kInbox, std::nullopt, first));
  EXPECT_TRUE(advance(kCalendar, std::nullopt, ledger(4294967295U, 4294967294U)));
  const auto found = ledgers({kSent, kInbox, kCalendar});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].collection, kCalendar);
  EXPECT_EQ(found[0].ledger, ledger(4294967295U, 4294967294U));
  EXPECT_EQ(found[1].ledger, first);
}

TEST_F(DeviceContract, ALedgerAdvancesFromTheKeyThatWasReadOnly) {
  open();
  EXPECT_FALSE(advance(kInbox, 1, ledger(2))) << "there is none";
  EXPECT_TRUE(advance(kInbox, std::nullopt, ledger(1)));
  EXPECT_FALSE(advance(kInbox, std::nullopt, ledger(9)));
  EXPECT_TRUE(advance(kInbox, 1, ledger(2, 1)));
  EXPECT_FALSE(advance(kInbox, 1, ledger(9)));
  EXPECT_EQ(ledgers({kInbox})[0].ledger, ledger(2, 1));
}

TEST_F(DeviceContract, OfManyRequestsAtOnceOneAdvances) {
  open();
  for (const std::optional<std::uint32_t> expected :
       {std::optional<std::uint32_t>(), std::optional<std::uint32_t>(1)}) {
    std::vector<Task<Result<std::vector<CollectionId>>>> tasks;
    for (std::uint32_t i = 0; i < 10; ++i) {
      std::vector<LedgerChange> changes;
      // In different orders: none may wait for the other in a circle.
      changes.emplace_back(i % 2 ? kInbox : kSent, expected, ledger(1 + (expected ? i + 1 : 0)));
      changes.emplace_back(i % 2 ? kSent : kInbox, expected, ledger(1 + (expected ? i + 1 : 0)));
      tasks.push_back(devices().advance(key(), std::move(changes)));
    }
    std::size_t inbox = 0;
    std::size_t sent = 0;
    for (auto& result : await_all(std::move(tasks))) {
      for (const CollectionId collection : must(std::move(result)))
        (collection == kInbox ? inbox : sent) += 1;
    }
    EXPECT_EQ(inbox, 1U);
    EXPECT_EQ(sent, 1U);
  }
}

TEST_F(DeviceContract, TwoGenerationsOfFolders) {
  open();
  EXPECT_EQ(refusal(await(devices().folders(key()))), ErrorKind::not_found);
  must(await(devices().advance_folders(key(), std::nullopt, folders(1))));
  FolderLedger second = folders(2);
  second.previous = folders(1).current;
  EXPECT_EQ(refusal(await(devices().advance_folders(key(), std::nullopt, second))), ErrorKind::stale);
  must(await(devices().advance_folders(key(), 1, second)));
  EXPECT_EQ(refusal(await(devices().advance_folders(key(), 1, second))), ErrorKind::stale);
  EXPECT_EQ(must(await(devices().folders(key()))), second);
}

TEST_F(DeviceContract, LedgersAreBounded) {
  open();
  SyncLedger fits = ledger(1);
  fits.current.options.clear();
  const std::size_t rest = postgres::encode_generation(fits.current).size();
  fits.current.options.assign(kLedgerOctetsMax - rest, 'x');
  SyncLedger large = fits;
  large.current.options += 'x';
  std::vector<LedgerChange> changes;
  changes.emplace_back(kInbox, std::nullopt, std::move(large));
  EXPECT_EQ(refusal(await(devices().advance(key(), std::move(changes)))), ErrorKind::too_large);
  EXPECT_TRUE(advance(kInbox, std::nullopt, fits));
  EXPECT_EQ(refusal(await(devices().ledgers(key(), std::vector<CollectionId>(kCollectionsMax + 1, kInbox)))),
            ErrorKind::too_large);
}

TEST_F(DeviceContract, ForgettingAndRemovalTakeLedgersAlong) {
  open();
  EXPECT_TRUE(advance(kInbox, std::nullopt, ledger(1)));
  EXPECT_TRUE(advance(kSent, std::nullopt, ledger(1)));
  must(await(devices().advance_folders(key(), std::nullopt, folders(1))));
  must(await(devices().forget_ledgers(key(), {kInbox})));
  EXPECT_EQ(ledgers({kInbox, kSent}).size(), 1U);
  must(await(devices().forget_ledgers(key(), {})));
  EXPECT_TRUE(ledgers({kInbox, kSent}).empty());
  EXPECT_EQ(refusal(await(devices().folders(key()))), ErrorKind::not_found);

  EXPECT_TRUE(advance(kInbox, std::nullopt, ledger(1)));
  must(await(devices().remove(key())));
  EXPECT_EQ(refusal(await(devices().remove(key()))), ErrorKind::not_found);
  EXPECT_TRUE(ledgers({kInbox}).empty());
  EXPECT_FALSE(advance(kInbox, std::nullopt, ledger(1))) << "nothing is left behind by a request of before";
  EXPECT_EQ(refusal(await(devices().advance_folders(key(), std::nullopt, folders(1)))), ErrorKind::stale);
}

TEST_F(DeviceContract, AnAccountsDevicesAreItsOwn) {
  open();
  const AccountId bob = create("bob@example.test").id;
  EXPECT_EQ(refusal(await(devices().find(DeviceKey(bob, "abc123")))), ErrorKind::not_found);
  EXPECT_TRUE(advance(kInbox, std::nullopt, ledger(1)));
  EXPECT_TRUE(must(await(devices().ledgers(DeviceKey(bob, "abc123"), {kInbox}))).empty());
  EXPECT_TRUE(must(await(devices().list(bob))).empty());
}

// What open requests of a phone listen to, on every node.
TEST_F(DeviceContract, AdministrationRingsTheAccountInOtherProcesses) {
  open();
  const auto other = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  must(await(other->ping()));
  Channel<AccountId> heard(loop_);
  {
    const Subscription subscription =
        other->changes().listen_account(alice_, [this, &heard] { heard.send(alice_); });
    // The other store may not listen yet: the bell is rung until it is heard.
    while (heard.empty()) {
      must(await(devices().trace(key(), Milliseconds(60'000))));
      await(sleep(loop_, Milliseconds(20)));
    }
    EXPECT_EQ(*await(heard.next()), alice_);
    while (!heard.empty()) await(heard.next());
    std::vector<Task<Result<void>>> bells;
    bells.push_back(devices().decide(key(), DeviceAccess::blocked));
    for (const auto& [level, of] :
         {std::pair(PolicyLevel::plan, "standard"), std::pair(PolicyLevel::domain, "example.test"),
          std::pair(PolicyLevel::account, "alice@example.test")}) {
      bells.push_back(devices().set_policy_values(level, of, std::vector<std::string>()));
    }
    bells.push_back(directory().set_account_feature(alice_, Feature::mobile_sync, false));
    bells.push_back(directory().set_status(alice_, AccountStatus::disabled));
    bells.push_back(directory().set_credentials(alice_, Credentials()));
    bells.push_back(directory().set_domain_feature("example.test", Feature::mobile_sync, true));
    for (auto& bell : bells) {
      must(await(std::move(bell)));
      EXPECT_EQ(*await(heard.next()), alice_);
      await(sleep(loop_, Milliseconds(50)));  // what comes twice is one ring
      while (!heard.empty()) await(heard.next());
    }
  }
  await(other->close());
}

TEST(LedgerCodec, RefusesWhatIsCutOrFollowedByMore) {
  const std::string octets = postgres::encode_generation(ledger(5).current);
  EXPECT_EQ(*postgres::decode_sync_generation(octets), ledger(5).current);
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_FALSE(postgres::decode_sync_generation(octets.substr(0, size))) << size;
  }
  EXPECT_FALSE(postgres::decode_sync_generation(octets + 'x'));
  const std::string of_folders = postgres::encode_generation(folders(5).current);
  for (std::size_t size = 0; size < of_folders.size(); ++size) {
    EXPECT_FALSE(postgres::decode_folder_generation(of_folders.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace postern::tests
