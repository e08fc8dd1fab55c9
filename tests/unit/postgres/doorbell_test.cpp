// LISTEN and NOTIFY, and the Doorbell on them, between two Databases as between two processes.
#include "storage/postgres/doorbell.h"

#include <gtest/gtest.h>

#include "storage/postgres/ring_payload.h"
#include "tests/unit/postgres/database_fixture.h"

namespace postern::postgres {
namespace {

MailboxKey key(std::int64_t account, std::int64_t mailbox) {
  MailboxKey out;
  out.account = AccountId{account};
  out.mailbox = MailboxId{mailbox};
  return out;
}

DeviceRing device_ring(std::int64_t account, std::string id, std::int64_t asked_at_us) {
  DeviceKey device(AccountId{account}, std::move(id));
  return DeviceRing(std::move(device), WallTime(std::chrono::microseconds(asked_at_us)));
}

TEST(RingPayload, ThereAndBack) {
  Rings rings;
  rings.origin = 0xfedcba9876543210;
  rings.accounts = {AccountId{3}, AccountId{INT64_MAX}};
  rings.mailboxes = {{key(1, 2), ModSeq{3}}, {key(INT64_MAX, INT64_MAX), ModSeq{INT64_MAX}}};
  rings.devices.push_back(device_ring(7, "Phone1", 1'700'000'000'123'456));
  rings.failed_logins = {FailedLogin("2001:db8::1", "joe@a.test"), FailedLogin("", std::string("\0 .", 3))};
  const auto payloads = encode_rings(rings);
  ASSERT_EQ(payloads.size(), 3U) << "earlier releases read no payload with a device or a log-in in it";
  EXPECT_EQ(payloads[0].substr(0, 32), "1 fedcba9876543210 a3 a922337203");
  EXPECT_EQ(payloads[1], "1 fedcba9876543210 d7.1700000000123456.Phone1");
  EXPECT_EQ(decode_rings(payloads[1]).value().devices, rings.devices);
  EXPECT_EQ(decode_rings(payloads[2]).value().failed_logins, rings.failed_logins);
  const auto back = decode_rings(payloads[0]);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->origin, rings.origin);
  EXPECT_EQ(back->accounts, rings.accounts);
  EXPECT_EQ(back->mailboxes, rings.mailboxes);
}

TEST(RingPayload, IsCutBelowTheLimit) {
  Rings rings;
  for (std::int64_t i = 0; i < 2000; ++i) rings.mailboxes.push_back({key(INT64_MAX - i, i), ModSeq{7}});
  std::size_t count = 0;
  for (const std::string& payload : encode_rings(rings)) {
    EXPECT_LE(payload.size(), kPayloadOctetsMax);
    count += decode_rings(payload).value().mailboxes.size();
  }
  EXPECT_EQ(count, 2000U);
  EXPECT_TRUE(encode_rings(Rings()).empty());
}

TEST(RingPayload, NothingElseIsRead) {
  for (const char* wrong : {"",
                            "1",
                            "1 0000000000000001",
                            "2 0000000000000001 a1",
                            "1 000000000000001 a1",
                            "1 000000000000000g a1",
                            "1 0000000000000001 a",
                            "1 0000000000000001 a1 ",
                            "1 0000000000000001  a1",
                            "1 0000000000000001 a-1",
                            "1 0000000000000001 a01",
                            "1 0000000000000001 a1.2",
                            "1 0000000000000001 m1.2",
                            "1 0000000000000001 m1.2.3.4",
                            "1 0000000000000001 m1..3",
                            "1 0000000000000001 m1.2.9223372036854775808",
                            "1 0000000000000001 x1",
                            "1 0000000000000001 d1.2",
                            "1 0000000000000001 d1.2.",
                            "1 0000000000000001 d1.2.a-b",
                            "1 0000000000000001 d1.x.a",
                            "1 0000000000000001 d1.2.a.b"}) {
    EXPECT_FALSE(decode_rings(wrong)) << wrong;
  }
}

class TwoProcesses : public DatabaseFixture {
 protected:
  TwoProcesses() {
    conninfo_ = tests::TestCluster::get().fresh_database();
    second_ = std::make_unique<Database>(loop_, conninfo_, settings_, Log::silent());
  }
  ~TwoProcesses() override {
    close();
    database_ = std::move(second_);
    close();
  }
  std::unique_ptr<Database> second_;
};

TEST_F(TwoProcesses, ANotificationArrivesAndListeningComesBackAfterALoss) {
  std::vector<std::string> heard;
  int listening = 0;
  int second_listening = 0;
  database().listen(
      "postern", [&](std::string_view payload) { heard.emplace_back(payload); }, [&] { ++listening; });
  second_->listen(
      "postern", [](std::string_view) {}, [&] { ++second_listening; });
  turn_until([&] { return listening == 1 && second_listening == 1; });
  second_->notify("postern", "one");
  turn_until([&] { return heard.size() == 1; });
  EXPECT_EQ(heard[0], "one");

  execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE datname = current_database() AND query LIKE 'LISTEN%'");
  turn_until([&] { return listening == 2; });
  while (heard.size() < 2) {
    second_->notify("postern", "two");
    Timer pause(loop_, [] {});
    pause.start(Milliseconds(50));
    uv_run(loop_.raw(), UV_RUN_ONCE);
  }
  EXPECT_EQ(heard[1], "two");
}

class Bells : public TwoProcesses {
 protected:
  void open() {
    database();
    first_ = std::make_unique<Doorbell>(database(), first_bus_, all_);
    other_ = std::make_unique<Doorbell>(*second_, second_bus_, all_);
  }
  ~Bells() override {
    for (Doorbell* bell : {first_.get(), other_.get()}) scope_.start(bell->close());
    while (scope_.running() > 0) uv_run(loop_.raw(), UV_RUN_ONCE);
    close();
    database_ = std::move(second_);
    close();
  }
  Settings all_;
  ChangeBus first_bus_;
  ChangeBus second_bus_;
  std::unique_ptr<Doorbell> first_;
  std::unique_ptr<Doorbell> other_;
};

TEST_F(Bells, RingInBothProcessesAndOnceInTheirOwn) {
  all_.store.watch_interval_s = 3600;
  open();
  std::vector<ModSeq> here;
  std::vector<ModSeq> there;
  std::vector<AccountId> accounts_here;
  std::vector<AccountId> accounts_there;
  auto a = first_bus_.listen(key(1, 2), [&](ModSeq now) { here.push_back(now); });
  auto b = second_bus_.listen(key(1, 2), [&](ModSeq now) { there.push_back(now); });
  auto c = first_bus_.listen_account(AccountId{9}, [&] { accounts_here.push_back(AccountId{9}); });
  auto d = second_bus_.listen_account(AccountId{9}, [&] { accounts_there.push_back(AccountId{9}); });
  // Until both listen, rings may be lost; each ring that does arrive is a newer one.
  std::uint64_t sent = 0;
  Timer again(loop_, [&] {
    first_->ring(key(1, 2), ModSeq{++sent});
    again.start(Milliseconds(20));
  });
  again.start(Milliseconds(1));
  turn_until([&] { return !there.empty(); });
  again.stop();
  const std::size_t count = here.size();
  EXPECT_EQ(count, sent);
  first_->ring(key(1, 2), ModSeq{sent + 1});
  first_->ring(key(1, 2), ModSeq{sent + 2});
  first_->ring_account(AccountId{9});
  turn_until([&] { return !accounts_there.empty(); });
  EXPECT_EQ(there.back(), ModSeq{sent + 2});
  EXPECT_EQ(here.size(), count + 2);
  EXPECT_EQ(accounts_here, std::vector<AccountId>{AccountId{9}});
  EXPECT_EQ(accounts_there, std::vector<AccountId>{AccountId{9}});
}

TEST_F(Bells, ADevicesNewerRequestIsHeardInBothProcesses) {
  all_.store.watch_interval_s = 3600;
  open();
  const DeviceKey phone(AccountId{1}, "phone1");
  const DeviceKey tablet(AccountId{1}, "tablet1");
  std::vector<WallTime> here;
  std::vector<WallTime> there;
  auto a = first_bus_.listen_device(phone, [&](WallTime asked_at) { here.push_back(asked_at); });
  auto b = second_bus_.listen_device(phone, [&](WallTime asked_at) { there.push_back(asked_at); });
  auto c = second_bus_.listen_device(tablet, [&](WallTime) { ADD_FAILURE() << "another device"; });
  const WallTime asked_at(std::chrono::microseconds(1'700'000'000'123'456));
  Timer again(loop_, [&] {
    first_->ring_device(phone, asked_at);
    again.start(Milliseconds(20));
  });
  again.start(Milliseconds(1));
  turn_until([&] { return !there.empty(); });
  again.stop();
  EXPECT_EQ(there.front(), asked_at);
  EXPECT_EQ(here.front(), asked_at);
}

TEST_F(Bells, AFailedLogInIsHeardInTheOtherProcess) {
  all_.store.watch_interval_s = 3600;
  open();
  std::vector<FailedLogin> there;
  auto a =
      first_bus_.listen_failed_logins([](const FailedLogin&) { ADD_FAILURE() << "it has been counted"; });
  auto b = second_bus_.listen_failed_logins([&](const FailedLogin& failed) { there.push_back(failed); });
  const FailedLogin failed("192.0.2.7", "joe@a.test");
  Timer again(loop_, [&] {
    first_->ring_failed_login(failed);
    again.start(Milliseconds(20));
  });
  again.start(Milliseconds(1));
  turn_until([&] { return !there.empty(); });
  again.stop();
  EXPECT_EQ(there.front(), failed);
}

// What an administrator does, while no bell is rung: the process that did it has died.
TEST_F(Bells, AnAccountNobodyRangForIsFoundByTheWatch) {
  all_.store.watch_interval_s = 1;
  all_.store.account_watch_interval_s = 1;
  execute("INSERT INTO tenants (tenant_id, name) VALUES (1, 't')");
  execute(
      "INSERT INTO domains (domain_id, tenant_id, name, plan_id) SELECT 1, 1, 'a.test', plan_id FROM plans");
  execute(
      "INSERT INTO accounts (account_id, domain_id, address, password_hash) VALUES (1, 1, 'joe@a.test', '')");
  open();
  std::size_t rings = 0;
  auto a = second_bus_.listen_account(AccountId{1}, [&] { ++rings; });
  auto b = second_bus_.listen_account(AccountId{2}, [&] { ADD_FAILURE() << "no such account"; });
  turn_until([&] { return rings == 1; });  // new to the watch
  std::size_t expected = 1;
  for (const char* change :
       {"UPDATE accounts SET status = 1", "UPDATE domains SET features_set = 2",
        "UPDATE plans SET features = 1",
        "INSERT INTO mailboxes (account_id, mailbox_id, name, uid_validity) VALUES (1, 2, 'INBOX', 1)",
        "UPDATE mailboxes SET removed_at = now()",
        "INSERT INTO devices (account_id, device_id, type, user_agent, protocol_version, last_address) "
        "VALUES (1, 'd', '', '', '', '')",
        "UPDATE devices SET wipe = 1"}) {
    execute(change);
    ++expected;
    turn_until([&] { return rings == expected; });
  }
}

TEST_F(Bells, AChangeNobodyRangForIsFoundByTheWatch) {
  all_.store.watch_interval_s = 1;
  execute(
      "INSERT INTO mailboxes (account_id, mailbox_id, name, uid_validity, highest_modseq) "
      "VALUES (1, 2, 'INBOX', 1, 5)");
  open();
  std::vector<ModSeq> heard;
  auto a = second_bus_.listen(key(1, 2), [&](ModSeq now) { heard.push_back(now); });
  auto b = second_bus_.listen(key(1, 3), [&](ModSeq) { ADD_FAILURE() << "no such mailbox"; });
  turn_until([&] { return !heard.empty(); });
  EXPECT_EQ(heard, std::vector<ModSeq>{ModSeq{5}});
  execute("UPDATE mailboxes SET highest_modseq = 6");
  turn_until([&] { return heard.size() == 2; });
  EXPECT_EQ(heard[1], ModSeq{6});
}

}  // namespace
}  // namespace postern::postgres
