// Law 9, phase two: what was deleted goes for good after the plan's days, and nothing else does.
#include "storage/postgres/job_lease.h"
#include "storage/postgres/purge.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Params;
using postgres::Purge;
using postgres::PurgeCounts;
using postgres::Statement;

// Three chunks.
std::string large_letter(std::uint64_t seed) {
  return letter("large", noise(600'000, seed));
}

class Purges : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    purge_ = std::make_unique<Purge>(*database_, settings_.store, Log::silent());
    archive_ = find("Archive").key;
  }
  PurgeCounts purge() { return must(await(purge_->run_once())); }

  void change(const std::string& text) { sql(Statement{"", text.c_str()}, Params()); }
  std::int64_t count(const std::string& table, const std::string& where = "true") {
    const std::string text = "SELECT count(*) FROM " + table + " WHERE " + where;
    return sql(Statement{"", text.c_str()}, Params())[0].get<std::int64_t>(0);
  }
  void age_expunged(int days) {
    change("UPDATE expunged SET expunged_at = expunged_at - interval '" + std::to_string(days) + " days'");
  }
  void age_staged(int hours) {
    change("UPDATE staged_blobs SET staged_at = staged_at - interval '" + std::to_string(hours) + " hours'");
  }
  UidSet expunge(MailboxKey key, UidSet set) {
    return must(await(messages().remove(key, std::move(set), Door::imap))).uids;
  }

  std::unique_ptr<Purge> purge_;
  MailboxKey archive_;
};

TEST_F(Purges, ExpungedMessagesGoAfterThePlansDays) {
  const std::string living = letter("living");
  put(inbox_, letter("one"));
  put(inbox_, living);
  put(inbox_, letter("three"));
  expunge(inbox_, uids({1, 3}));
  age_expunged(13);
  EXPECT_EQ(purge().messages, 0u);
  EXPECT_EQ(count("messages"), 3);
  age_expunged(1);
  const PurgeCounts counts = purge();
  EXPECT_TRUE(counts.elected);
  EXPECT_EQ(counts.messages, 2u);
  EXPECT_EQ(counts.blobs, 2u);
  EXPECT_EQ(count("messages"), 1);
  EXPECT_EQ(count("blobs"), 1);
  EXPECT_EQ(content(inbox_, Uid(2)), living);
  EXPECT_EQ(status(inbox_).messages, 1u);
  // What has vanished is still known.
  EXPECT_EQ(must(await(messages().vanished_since(inbox_, ModSeq(1)))), uids({1, 3}));
  EXPECT_EQ(count("expunged", "purged_at IS NOT NULL"), 1);
  EXPECT_EQ(purge().messages, 0u);
}

TEST_F(Purges, EachPlanHasItsDays) {
  Plan brief = plan_with(Feature::imap, true);
  brief.name = "brief";
  brief.recovery_days = 2;
  must(await(directory().put_plan(brief)));
  must(await(directory().create_domain(tenant_, "brief.test", "brief")));
  const AccountId bob = create("bob@brief.test").id;
  const MailboxKey theirs = must(await(mailboxes().find(bob, name("INBOX")))).key;
  put(theirs, letter("theirs"));
  put(inbox_, letter("ours"));
  expunge(theirs, uids({1}));
  expunge(inbox_, uids({1}));
  age_expunged(2);
  EXPECT_EQ(purge().messages, 1u);
  EXPECT_EQ(count("messages", "account_id = " + std::to_string(raw(alice_))), 1);
  expect_no_drift(bob);
}

TEST_F(Purges, WithoutDaysItGoesAtOnce) {
  change("UPDATE plans SET recovery_days = 0");
  put(inbox_, letter("one"));
  expunge(inbox_, uids({1}));
  EXPECT_EQ(purge().messages, 1u);
  EXPECT_EQ(count("blobs"), 0);
}

TEST_F(Purges, ManyMessagesGoBatchByBatch) {
  constexpr int kMany = 2 * static_cast<int>(Purge::kMessagesMax) + 2;
  fill_with_mail(inbox_, 2 * kMany);
  UidSet odd, low;
  for (std::uint32_t uid = 1; uid < 2 * kMany; uid += 2) odd.add(Uid(uid));
  low.add(Uid(1), Uid(kMany));
  EXPECT_EQ(expunge(inbox_, odd), odd);
  expunge(inbox_, low);
  age_expunged(15);
  EXPECT_EQ(purge().messages, kMany + kMany / 2u);
  EXPECT_EQ(count("messages"), kMany / 2);
  EXPECT_EQ(count("messages", "uid <= " + std::to_string(kMany) + " OR uid % 2 = 1"), 0);
}

TEST_F(Purges, ABlobGoesWithItsLastMessage) {
  const std::string octets = large_letter(1);
  put(inbox_, octets);
  must(await(messages().copy(inbox_, uids({1}), archive_)));
  must(await(messages().copy(inbox_, uids({1}), inbox_)));
  expunge(inbox_, uids({1}));
  age_expunged(15);
  PurgeCounts counts = purge();
  EXPECT_EQ(counts.messages, 1u);
  EXPECT_EQ(counts.blobs, 0u);
  EXPECT_EQ(content(archive_, Uid(1)), octets);
  // Both at once are the last.
  expunge(inbox_, uids({2}));
  expunge(archive_, uids({1}));
  age_expunged(15);
  counts = purge();
  EXPECT_EQ(counts.messages, 2u);
  EXPECT_EQ(counts.blobs, 1u);
  EXPECT_EQ(count("blobs"), 0);
}

TEST_F(Purges, TwoReferencesInOneBatchFreeTheirBlob) {
  put(inbox_, letter("twice"));
  must(await(messages().copy(inbox_, uids({1}), inbox_)));
  expunge(inbox_, uids({1, 2}));
  age_expunged(15);
  EXPECT_EQ(purge().blobs, 1u);
}

TEST_F(Purges, ChunksOfALargeMessageStayForThoseWhoReadIt) {
  const std::string octets = large_letter(2);
  put(inbox_, octets);
  const auto reader = must(await(open(messages(), inbox_, Uid(1))));
  EXPECT_EQ(must(await(reader->read(0, 1000))), octets.substr(0, 1000));
  expunge(inbox_, uids({1}));
  age_expunged(15);
  EXPECT_EQ(purge().blobs, 1u);
  EXPECT_EQ(must(await(reader->read(590'000, 1000))), octets.substr(590'000, 1000));
  EXPECT_EQ(count("blob_chunks"), 2);
  age_staged(25);
  EXPECT_EQ(purge().staged, 1u);
  EXPECT_EQ(count("blob_chunks"), 0);
  EXPECT_EQ(count("staged_blobs"), 0);
}

TEST_F(Purges, WhatAMoveLeavesBehindGoesAtOnce) {
  const std::string octets = letter("moved");
  put(inbox_, octets);
  must(await(messages().move(inbox_, uids({1}), archive_)));
  const PurgeCounts counts = purge();
  EXPECT_EQ(counts.messages, 1u);
  EXPECT_EQ(counts.blobs, 0u);
  EXPECT_EQ(count("messages"), 1);
  EXPECT_EQ(content(archive_, Uid(1)), octets);
}

TEST_F(Purges, ACopyThatRacesWithThePurgeKeepsItsOctets) {
  change("UPDATE plans SET recovery_days = 0");
  for (std::uint32_t i = 1; i <= 10; ++i) {
    put(inbox_, letter(std::to_string(i)));
    std::vector<Task<Result<void>>> tasks;
    tasks.push_back(only_outcome(messages().copy(inbox_, uids({i}), archive_)));
    tasks.push_back(only_outcome(messages().remove(inbox_, uids({i}), Door::imap)));
    tasks.push_back(only_outcome(purge_->run_once()));
    for (auto& result : await_all(std::move(tasks))) must(std::move(result));
    purge();
  }
  for (std::uint32_t i = 1; i <= status(archive_).messages; ++i) {
    EXPECT_FALSE(content(archive_, Uid(i)).empty());
  }
  EXPECT_EQ(count("messages", "mailbox_id = " + std::to_string(raw(inbox_.mailbox))), 0);
}

TEST_F(Purges, ARemovedMailboxGoesWhole) {
  const MailboxKey key = make("Project").key;
  for (int i = 0; i < 3; ++i) put(key, letter(std::to_string(i)), flags({}, {"word"}));
  must(await(messages().copy(key, uids({1}), archive_)));
  expunge(key, uids({2}));
  must(remove("Project"));
  const std::string its = "mailbox_id = " + std::to_string(raw(key.mailbox));
  EXPECT_EQ(purge().mailboxes, 0u);
  EXPECT_EQ(count("messages", its), 3);
  change("UPDATE mailboxes SET removed_at = now() - interval '15 days' WHERE removed_at IS NOT NULL");
  const PurgeCounts counts = purge();
  EXPECT_EQ(counts.mailboxes, 1u);
  EXPECT_EQ(counts.messages, 3u);
  EXPECT_EQ(counts.blobs, 2u);
  for (const char* table : {"mailboxes", "messages", "message_pages", "mailbox_keywords", "expunged"})
    EXPECT_EQ(count(table, its), 0) << table;
  EXPECT_EQ(content(archive_, Uid(1)), letter("0"));
}

TEST_F(Purges, ADeletedAccountGoesWhole) {
  const AccountId bob = create("bob@example.test").id;
  must(await(deliver(messages(), bob, letter("bob's"), "bob@example.test")));
  const std::string ours = large_letter(3);
  put(inbox_, ours);
  const MailboxKey theirs = must(await(mailboxes().find(bob, name("INBOX")))).key;
  put(theirs, large_letter(4), flags({}, {"word"}));
  expunge(theirs, uids({1}));
  must(await(stage(messages(), bob, large_letter(5))));
  const std::vector<Annotation> noted{{"/private/comment", "bob's"}};
  must(await(store_->annotations().set(bob, kAccountItself, noted)));
  must(await(directory().delete_account(bob)));
  EXPECT_EQ(purge().accounts, 0u);
  change("UPDATE accounts SET deleted_at = now() - interval '15 days' WHERE deleted_at IS NOT NULL");
  EXPECT_EQ(purge().accounts, 1u);
  for (const char* table :
       {"accounts", "account_usage", "mailboxes", "mailbox_keywords", "messages", "message_pages", "expunged",
        "blobs", "blob_chunks", "staged_blobs", "write_keys", "subscriptions", "annotations"})
    EXPECT_EQ(count(table, "account_id = " + std::to_string(raw(bob))), 0) << table;
  EXPECT_EQ(content(inbox_, Uid(1)), ours);
  create("bob@example.test");  // the address is free again
}

TEST_F(Purges, AWipeThatWasBrokenOffGoesOn) {
  const AccountId bob = create("bob@example.test").id;
  must(await(deliver(messages(), bob, letter("bob's"), "bob@example.test")));
  change("DELETE FROM accounts WHERE account_id = " + std::to_string(raw(bob)));
  EXPECT_EQ(purge().accounts, 1u);
  EXPECT_EQ(count("messages"), 0);
  EXPECT_EQ(count("account_usage"), 1);
}

TEST_F(Purges, AbandonedOctetsGoAfterADay) {
  const StagedMessage staged = must(await(stage(messages(), alice_, large_letter(6))));
  age_staged(23);
  EXPECT_EQ(purge().staged, 0u);
  EXPECT_EQ(count("blob_chunks"), 2);
  age_staged(2);
  EXPECT_EQ(purge().staged, 1u);
  EXPECT_EQ(count("blob_chunks"), 0);
  EXPECT_EQ(count("staged_blobs"), 0);
}

TEST_F(Purges, ChunksOfMoreThanOneBatchGo) {
  change("INSERT INTO staged_blobs (account_id, blob_id, staged_at) VALUES (" + std::to_string(raw(alice_)) +
         ", 1, now() - interval '2 days')");
  change("INSERT INTO blob_chunks (account_id, blob_id, number, data) SELECT " + std::to_string(raw(alice_)) +
         ", 1, number, '' FROM generate_series(1, " + std::to_string(Purge::kChunksMax * 2) + ") AS number");
  EXPECT_EQ(purge().staged, 1u);
  EXPECT_EQ(count("blob_chunks"), 0);
}

TEST_F(Purges, StagedOctetsThatBecameAMessageStay) {
  const std::string octets = large_letter(7);
  put(inbox_, octets);
  change("INSERT INTO staged_blobs SELECT account_id, blob_id, now() - interval '2 days' FROM blobs");
  purge();
  EXPECT_EQ(count("staged_blobs"), 0);
  EXPECT_EQ(content(inbox_, Uid(1)), octets);
}

TEST_F(Purges, OldWriteKeysAreForgotten) {
  must(try_deliver(letter("old")));
  change("UPDATE write_keys SET written_at = now() - interval '8 days'");
  must(try_deliver(letter("new")));
  EXPECT_EQ(purge().write_keys, 1u);
  EXPECT_FALSE(must(try_deliver(letter("old"))).duplicate);
  EXPECT_TRUE(must(try_deliver(letter("new"))).duplicate);
}

TEST_F(Purges, TwoDoNotWorkAtTheSameTime) {
  put(inbox_, letter("one"));
  expunge(inbox_, uids({1}));
  age_expunged(15);
  postgres::JobLease other(*database_, "purge");
  EXPECT_TRUE(must(await(other.take())));
  const PurgeCounts refused = purge();
  EXPECT_FALSE(refused.elected);
  EXPECT_EQ(count("messages"), 1);
  must(await(other.end(Milliseconds(0))));
  EXPECT_TRUE(purge().elected);
  EXPECT_EQ(count("messages"), 0);
  // The round is done for all processes for a while.
  Purge second(*database_, settings_.store, Log::silent());
  EXPECT_FALSE(must(await(second.run_once())).elected);
  EXPECT_TRUE(purge().elected);
  change("UPDATE job_leases SET until = now() - interval '1 second'");
  EXPECT_TRUE(must(await(second.run_once())).elected);
}

TEST_F(Purges, ABusyAccountDoesNotHoldUpTheOthers) {
  const AccountId bob = create("bob@example.test").id;
  const MailboxKey theirs = must(await(mailboxes().find(bob, name("INBOX")))).key;
  put(inbox_, letter("ours"));
  put(theirs, letter("theirs"));
  expunge(inbox_, uids({1}));
  expunge(theirs, uids({1}));
  age_expunged(15);
  static constexpr Statement kHold{"test_hold_usage", R"sql(
    SELECT FROM account_usage WHERE account_id = $1::bigint FOR UPDATE)sql"};
  {
    auto transaction = must(await(database_->begin()));
    must(await(transaction.query(kHold, Params(alice_))));
    EXPECT_EQ(purge().messages, 1u);
    must(await(transaction.commit()));
  }
  EXPECT_EQ(purge().messages, 1u);
  EXPECT_EQ(count("messages"), 0);
}

TEST_F(Purges, ADamagedLogDoesNotHoldUpTheOthers) {
  const AccountId bob = create("bob@example.test").id;
  const MailboxKey theirs = must(await(mailboxes().find(bob, name("INBOX")))).key;
  put(inbox_, letter("ours"));
  put(theirs, letter("theirs"));
  expunge(inbox_, uids({1}));
  expunge(theirs, uids({1}));
  age_expunged(15);
  change("UPDATE expunged SET uids = '1:x' WHERE account_id = " + std::to_string(raw(alice_)));
  EXPECT_EQ(purge().messages, 1u);
  EXPECT_EQ(count("messages"), 1);
}

TEST_F(Purges, StoppedItGivesTheLeaseBack) {
  purge_->stop();
  EXPECT_EQ(refusal(await(purge_->run_once())), ErrorKind::closed);
  Purge second(*database_, settings_.store, Log::silent());
  EXPECT_TRUE(must(await(second.run_once())).elected);
}

}  // namespace
}  // namespace postern::tests
