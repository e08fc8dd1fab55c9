// Quotas beyond one account's limits: pools of domains, notices by mail, the nightly recount.
#include "storage/postgres/quota_watch.h"
#include "storage/postgres/recount_rounds.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Statement;

class QuotaContract : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    bob_ = create("bob@example.test").id;
    bobs_ = must(await(mailboxes().find(bob_, name("INBOX")))).key;
    doorbell_ = std::make_unique<postgres::Doorbell>(*database_, bus_, settings_);
    messages_ = std::make_unique<postgres::PostgresMessages>(*database_, *doorbell_, settings_, clock_);
    watch_ = std::make_unique<postgres::QuotaWatch>(*database_, *doorbell_, directory(), *messages_,
                                                    store_->outbox(), quotas(), settings_, clock_);
  }
  void TearDown() override {
    await(watch_->close());
    await(messages_->drained());
    await(doorbell_->close());
    expect_no_drift(bob_);
    MessageFixture::TearDown();
  }

  Quotas& quotas() { return store_->quotas(); }
  void look() { must(await(watch_->run_once())); }
  void change(const std::string& text) { sql(Statement{"", text.c_str()}, postgres::Params()); }
  void limit_messages(AccountId account, std::uint64_t messages) {
    AccountLimits limits;
    limits.quota_messages = messages;
    must(await(directory().set_limits(account, limits)));
  }
  void fill_to(MailboxKey key, std::uint64_t messages) {
    while (status(key).messages < messages) put(key, letter("filling"));
  }
  // Header and text of the newest message.
  std::string newest(MailboxKey key) {
    const SnapshotPtr now = snapshot(key);
    return content(key, now->at(now->size() - 1).uid);
  }
  DomainQuota set_domain(DomainQuota quota) {
    must(await(quotas().set_domain("example.test", quota)));
    EXPECT_EQ(must(await(quotas().domain("Example.test"))), quota);
    return quota;
  }

  AccountId bob_{};
  MailboxKey bobs_;
  ChangeBus bus_;
  std::unique_ptr<postgres::Doorbell> doorbell_;
  std::unique_ptr<postgres::PostgresMessages> messages_;
  std::unique_ptr<postgres::QuotaWatch> watch_;
};

TEST_F(QuotaContract, AFullPoolStopsEverybodyOfTheDomain) {
  must(await(directory().create_domain(tenant_, "other.test", "standard")));
  const AccountId other = create("eve@other.test").id;
  DomainQuota quota;
  quota.pool_messages = 3;
  set_domain(quota);
  put(inbox_, letter("one"));
  put(inbox_, letter("two"));
  look();
  put(bobs_, letter("three"));
  look();
  EXPECT_EQ(must(await(quotas().usage("example.test"))).messages, 3u);
  EXPECT_EQ(refusal(try_append(inbox_, letter("four"))), ErrorKind::over_quota);
  EXPECT_EQ(refusal(try_deliver(letter("four"))), ErrorKind::over_quota);
  EXPECT_EQ(refusal(await(messages().copy(bobs_, uids({1}), bobs_))), ErrorKind::over_quota);
  EXPECT_EQ(refusal(await(messages().copy(bobs_, uids({1}), inbox_))), ErrorKind::over_quota);
  EXPECT_TRUE(must(await(directory().resolve("bob@example.test"))).at(0).over_quota);
  EXPECT_TRUE(must(await(directory().resolve("bob+detail@example.test"))).at(0).over_quota);
  EXPECT_FALSE(must(await(directory().resolve("eve@other.test"))).at(0).over_quota);
  EXPECT_EQ(must(await(quotas().usage("other.test"))).accounts, 1u);
  EXPECT_EQ(must(await(directory().quota(other))).messages, 0u);
  // What needs no room goes on: a move, and a deletion, after which there is room again.
  must(await(messages().move(inbox_, uids({1}), find("Archive").key)));
  must(await(messages().remove(bobs_, uids({1}), Door::imap)));
  EXPECT_EQ(refusal(await(store_->recovery().restore(
                bob_, {must(await(store_->recovery().find(bob_, RecoveryQuery()))).found.at(0).key},
                RestoreTarget(), "admin"))),
            ErrorKind::over_quota);
  look();
  put(bobs_, letter("three again"));
  // Without a pool all have room.
  look();
  EXPECT_EQ(refusal(try_append(inbox_, letter("four"))), ErrorKind::over_quota);
  set_domain(DomainQuota());
  look();
  put(inbox_, letter("four"));
}

TEST_F(QuotaContract, OctetsOfAPoolCountToo) {
  DomainQuota quota;
  quota.pool_octets = 2 * letter("one").size();
  set_domain(quota);
  put(inbox_, letter("one"));
  put(bobs_, letter("two"));
  look();
  EXPECT_EQ(refusal(try_append(inbox_, letter("four"))), ErrorKind::over_quota);
}

TEST_F(QuotaContract, RefusesWhatIsNoQuota) {
  DomainQuota quota;
  quota.pool_octets = 0;
  EXPECT_EQ(refusal(await(quotas().set_domain("example.test", quota))), ErrorKind::invalid);
  quota.pool_octets = std::nullopt;
  quota.administrator = "nobody at all";
  EXPECT_EQ(refusal(await(quotas().set_domain("example.test", quota))), ErrorKind::invalid);
  EXPECT_EQ(refusal(await(quotas().set_domain("nowhere.test", DomainQuota()))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(quotas().domain("nowhere.test"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(quotas().usage("nowhere.test"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(quotas().notice("nowhere.test", QuotaLevel::full))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(quotas().when_full(AccountId(999)))), ErrorKind::not_found);
}

TEST_F(QuotaContract, DomainsSayWhatAFullAccountMeans) {
  EXPECT_EQ(must(await(quotas().when_full(alice_))), WhenFull::as_settings);
  DomainQuota quota;
  quota.when_full = WhenFull::reject;
  set_domain(quota);
  EXPECT_EQ(must(await(quotas().when_full(alice_))), WhenFull::reject);
}

TEST_F(QuotaContract, EachLevelIsToldOnceAndWhateverRoomThereIs) {
  limit_messages(alice_, 20);
  fill_to(inbox_, 15);
  look();
  EXPECT_EQ(status(inbox_).messages, 15u);  // 75 %
  fill_to(inbox_, 16);
  look();
  look();
  EXPECT_EQ(status(inbox_).messages, 17u);
  const std::string told = newest(inbox_);
  EXPECT_NE(told.find("Subject: Your mailbox is 80 % full\r\n"), std::string::npos) << told;
  EXPECT_NE(told.find("From: \"Mail system\" <postmaster@example.test>\r\n"), std::string::npos);
  EXPECT_NE(told.find("To: alice@example.test\r\n"), std::string::npos);
  EXPECT_NE(told.find("Auto-Submitted: auto-generated\r\n"), std::string::npos);
  EXPECT_NE(told.find("16 messages of 20 messages"), std::string::npos);
  fill_to(inbox_, 19);
  look();
  EXPECT_EQ(status(inbox_).messages, 20u);
  EXPECT_NE(newest(inbox_).find("Subject: Your mailbox is 95 % full"), std::string::npos);
  EXPECT_EQ(refusal(try_append(inbox_, letter("no room"))), ErrorKind::over_quota);
  look();
  look();
  EXPECT_EQ(status(inbox_).messages, 21u);
  EXPECT_NE(newest(inbox_).find("Subject: Your mailbox is full"), std::string::npos);
}

TEST_F(QuotaContract, BackUnderIsToldAndComingAndGoingAtAThresholdIsNot) {
  limit_messages(alice_, 100);
  fill_with_mail(inbox_, 80);
  look();  // the notice is the 81st
  EXPECT_EQ(status(inbox_).messages, 81u);
  const auto down_to = [this](std::uint64_t messages) {
    while (status(inbox_).messages > messages) {
      must(await(this->messages().remove(inbox_, UidSet::one(snapshot(inbox_)->at(0).uid), Door::imap)));
    }
  };
  down_to(76);
  look();
  EXPECT_EQ(status(inbox_).messages, 76u);
  fill_to(inbox_, 80);
  look();
  EXPECT_EQ(status(inbox_).messages, 80u);
  down_to(70);
  look();
  EXPECT_EQ(status(inbox_).messages, 71u);
  EXPECT_NE(newest(inbox_).find("Subject: Your mailbox has room again"), std::string::npos);
  look();
  EXPECT_EQ(status(inbox_).messages, 71u);
  // And up again.
  fill_to(inbox_, 80);
  look();
  EXPECT_EQ(status(inbox_).messages, 81u);
}

TEST_F(QuotaContract, OctetsCountAsWellAndTheAdministratorHearsOfIt) {
  DomainQuota quota;
  quota.administrator = "bob@example.test";
  set_domain(quota);
  AccountLimits limits;
  limits.quota_octets = 1'000'000;
  must(await(directory().set_limits(alice_, limits)));
  put(inbox_, letter("large", std::string(810'000, 'x')));
  look();
  EXPECT_EQ(status(inbox_).messages, 2u);
  EXPECT_EQ(status(bobs_).messages, 1u);
  const std::string told = newest(bobs_);
  EXPECT_NE(told.find("Cc: bob@example.test\r\n"), std::string::npos) << told;
  EXPECT_NE(told.find("791.1 KiB of 976.6 KiB"), std::string::npos) << told;
  // Nearly a hundredth is left: the next message may not fit.
  put(inbox_, letter("more", std::string(185'000, 'x')));
  look();
  EXPECT_NE(newest(inbox_).find("is full"), std::string::npos);
}

TEST_F(QuotaContract, AnAdministratorElsewhereGetsItByTheRelay) {
  await(watch_->close());
  settings_.relay.host = "smart.example";
  watch_ = std::make_unique<postgres::QuotaWatch>(*database_, *doorbell_, directory(), *messages_,
                                                  store_->outbox(), quotas(), settings_, clock_);
  DomainQuota quota;
  quota.administrator = "post@provider.example";
  set_domain(quota);
  limit_messages(alice_, 1);
  put(inbox_, letter("one"));
  look();
  const auto queued = must(await(store_->outbox().list(OutboxFilter())));
  ASSERT_EQ(queued.size(), 1u);
  EXPECT_EQ(queued[0].recipients.at(0).who.address, "post@provider.example");
  EXPECT_EQ(queued[0].envelope.reverse_path, "");
}

TEST_F(QuotaContract, ADomainHasItsOwnWords) {
  EXPECT_EQ(must(await(quotas().notice("example.test", QuotaLevel::most))), usual_notice(QuotaLevel::most));
  QuotaNotice notice;
  notice.subject = "Postfach {address}: {percent} %";
  notice.text = "Bitte aufr\xC3\xA4umen: {used} von {limit}. {unknown}\n";
  must(await(quotas().set_notice("example.test", QuotaLevel::most, notice)));
  EXPECT_EQ(must(await(quotas().notice("example.test", QuotaLevel::most))), notice);
  limit_messages(alice_, 5);
  fill_to(inbox_, 4);
  look();
  const std::string told = newest(inbox_);
  EXPECT_NE(told.find("Subject: Postfach alice@example.test: 80 %\r\n"), std::string::npos) << told;
  EXPECT_NE(told.find("4 messages von 5 messages. {unknown}"), std::string::npos) << told;
  must(await(quotas().set_notice("example.test", QuotaLevel::most, std::nullopt)));
  EXPECT_EQ(must(await(quotas().notice("example.test", QuotaLevel::most))), usual_notice(QuotaLevel::most));

  notice.subject = "two\r\nlines";
  EXPECT_EQ(refusal(await(quotas().set_notice("example.test", QuotaLevel::most, notice))),
            ErrorKind::invalid);
  notice.subject = std::string(kNoticeSubjectOctetsMax, 'x');
  notice.text = std::string(kNoticeTextOctetsMax, 'x');
  must(await(quotas().set_notice("example.test", QuotaLevel::most, notice)));
  notice.text += 'x';
  EXPECT_EQ(refusal(await(quotas().set_notice("example.test", QuotaLevel::most, notice))),
            ErrorKind::too_large);
  EXPECT_EQ(refusal(await(quotas().set_notice("nowhere.test", QuotaLevel::most, std::nullopt))),
            ErrorKind::not_found);
}

TEST_F(QuotaContract, TheRecountReportsDriftOnceANight) {
  NightlySettings when;
  when.zone = "Europe/Berlin";
  postgres::RecountRounds rounds(*database_, when, Log::silent());
  EXPECT_FALSE(must(await(quotas().last_recount())).at);
  put(inbox_, letter("one"));
  change("UPDATE account_usage SET octets = octets + 7 WHERE account_id = " + std::to_string(raw(alice_)));
  must(await(rounds.run_once()));
  Quotas::Recount recount = must(await(quotas().last_recount()));
  EXPECT_TRUE(recount.at);
  ASSERT_EQ(recount.drifts.size(), 1u);
  EXPECT_EQ(recount.drifts[0].what, "account octets");
  EXPECT_EQ(recount.drifts[0].account, alice_);
  EXPECT_EQ(recount.drifts[0].stored - recount.drifts[0].counted, 7);
  change("UPDATE account_usage SET octets = octets - 7 WHERE account_id = " + std::to_string(raw(alice_)));
  must(await(rounds.run_once()));
  EXPECT_EQ(must(await(quotas().last_recount())).drifts.size(), 1u) << "not before the next night";
  change("UPDATE job_runs SET begun_at = begun_at - interval '1 day'");
  must(await(rounds.run_once()));
  EXPECT_TRUE(must(await(quotas().last_recount())).drifts.empty());
  await(rounds.close());
}

TEST_F(QuotaContract, WhatANightDidNotEndIsMadeUp) {
  NightlySettings when;
  postgres::NightlyJob job(*database_, "test", when);
  EXPECT_TRUE(must(await(job.take())));
  // Its process dies; the lease outlives it, but not for long.
  postgres::NightlyJob other(*database_, "test", when);
  EXPECT_FALSE(must(await(other.take())));
  change("UPDATE job_leases SET until = now() - interval '1 second'");
  EXPECT_TRUE(must(await(other.take())));
  EXPECT_FALSE(must(await(job.take())));
  must(await(other.done()));
  EXPECT_FALSE(must(await(job.take())));
  change(
      "UPDATE job_runs SET begun_at = begun_at - interval '3 days', ended_at = ended_at - interval '3 days'");
  EXPECT_TRUE(must(await(job.take()))) << "evenings were missed";
  must(await(job.put_off()));
  EXPECT_TRUE(must(await(other.take())));
  when.zone = "Nowhere/Here";
  postgres::NightlyJob nowhere(*database_, "test", when);
  EXPECT_FALSE(await(nowhere.take()));
}

TEST(QuotaLevels, AreCountedWithRoomForOneMore) {
  QuotaFacts facts;
  facts.address = "a@b";
  facts.percent = 80;
  facts.used = "{limit}";  // what is filled in is not looked at again
  facts.limit = "y";
  EXPECT_EQ(fill_in("{address}|{percent}|{used}|{limit}|{limi", facts), "a@b|80|{limit}|y|{limi");
  for (const QuotaLevel level : kQuotaLevels) EXPECT_FALSE(usual_notice(level).subject.empty());
}

}  // namespace
}  // namespace postern::tests
