// A backup's faults: other lives and other stores, keys, missed evenings, two nodes, processes that believe
// wrongly that they still have the lease, and a whole installation that comes back.
#include <fcntl.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "storage/backup/backup_rounds.h"
#include "storage/backup/restore.h"
#include "storage/postgres/lineage.h"
#include "tests/support/backup_fixture.h"

namespace postern::tests {
namespace {

using namespace backup;
namespace fs = std::filesystem;

class BackupFaults : public BackupFixture {
 protected:
  void write_key(const std::string& name, char digit) {
    options_.key_file = directory_ + "/" + name;
    std::ofstream(options_.key_file) << std::string(64, digit) << "\n";
    fs::permissions(options_.key_file, fs::perms::owner_read | fs::perms::owner_write);
  }
  Repository sealed_repository() { return must(Repository::of(options_)); }
};

TEST_F(BackupFaults, EncryptedEveningsOpenWithTheirKeyOnly) {
  write_key("key", 'a');
  put(inbox_, letter("secret words", std::string(200'000, 'x') + "a needle"));
  const Evening evening = run();
  for (const auto& entry : fs::recursive_directory_iterator(options_.directory)) {
    if (!entry.is_regular_file() || entry.path().filename() == "POSTERN-BACKUP") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string octets(std::istreambuf_iterator<char>(file), {});
    EXPECT_TRUE(octets.starts_with("postern-sealed-1")) << entry.path();
    EXPECT_EQ(octets.find("alice@example.test"), std::string::npos) << entry.path();
  }
  Repository sealed = sealed_repository();
  EXPECT_TRUE(must(verify(sealed, std::nullopt)).broken.empty());
  const AccountId fresh = create("fresh@example.test").id;
  RestoreRequest request = as_of(evening.date);
  request.address = "alice@example.test";
  request.into = fresh;
  RestoreReport report;
  must(await(restore(loop_, *store_, sealed, request, report, [](const RestoreReport&) {})));
  EXPECT_EQ(report.messages, 1u);
  EXPECT_EQ(shown(fresh), shown(alice_));

  EXPECT_EQ(refusal(repository_->evening(evening.date)), ErrorKind::denied) << "without a key";
  write_key("other key", 'b');
  Repository wrong = sealed_repository();
  const auto read = wrong.evening(evening.date);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::denied);
  EXPECT_NE(read.error().detail.find("encrypted with the key"), std::string::npos) << read.error().detail;
  EXPECT_EQ(refusal(try_run()), ErrorKind::denied);
  EXPECT_EQ(refusal(verify(wrong, std::nullopt)), ErrorKind::denied) << "which is no damage";
}

TEST_F(BackupFaults, AFileInAnothersPlaceIsFound) {
  write_key("key", 'a');
  put(inbox_, letter("one"));
  run();
  put(inbox_, letter("two"));
  run_tomorrow();
  fs::copy_file(pack_of(alice_, "2025-01-30"), pack_of(alice_, "2025-01-31"),
                fs::copy_options::overwrite_existing);
  EXPECT_EQ(must(verify(sealed_repository(), std::nullopt)).broken.size(), 1u);
}

TEST_F(BackupFaults, MissedEveningsAreToldAndMadeUp) {
  EXPECT_TRUE(run().missed.empty());
  EXPECT_TRUE(run_tomorrow().missed.empty());
  evening_clock_.pass_days(3);
  const Evening evening = run();
  EXPECT_EQ(evening.missed, (std::vector<std::string>{"2025-02-01", "2025-02-02"}));
  EXPECT_EQ(must(repository_->evening(evening.date)).missed, evening.missed);
}

TEST_F(BackupFaults, TheClockMayGoBack) {
  put(inbox_, letter("one"));
  run();
  run_tomorrow();
  evening_clock_.pass_days(-5);
  put(inbox_, letter("two"));
  const Evening evening = run();
  EXPECT_EQ(evening.date, "2025-01-26");
  EXPECT_TRUE(evening.missed.empty());
  EXPECT_EQ(evening.new_messages, 1u);
  EXPECT_TRUE(check().broken.empty());
}

TEST_F(BackupFaults, ARepositoryBelongsToOneStore) {
  put(inbox_, letter("one"));
  run();
  const std::string elsewhere = TestCluster::get().fresh_database();
  {
    // The tests' databases are copies of one.
    postgres::Database database(loop_, elsewhere, settings_.database, Log::silent());
    must(await(database.query(postgres::Lane::write,
                              postgres::Statement{"", "UPDATE lineage SET store = gen_random_uuid()"},
                              postgres::Params())));
    await(database.close());
  }
  auto other = postgres::open_store(loop_, elsewhere, settings_, clock_, Log::silent());
  auto never = [] { return false; };
  const auto refused = await(back_up(loop_, *other, options_, evening_clock_, true, never));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_NE(refused.error().detail.find("postern backup adopt"), std::string::npos);
  const Lineage lineage = must(await(other->lineage()));
  must(repository_->adopt(lineage));
  const auto same_day = await(back_up(loop_, *other, options_, evening_clock_, true, never));
  EXPECT_EQ(refusal(same_day), ErrorKind::denied) << "that date's evening is the first store's";
  evening_clock_.pass_days(1);
  EXPECT_TRUE(must(await(back_up(loop_, *other, options_, evening_clock_, true, never))));
  EXPECT_EQ(refusal(try_run()), ErrorKind::denied);
  EXPECT_TRUE(check().broken.empty());
  await(other->close());
}

// Numbers may come again: what a manifest of another life says of them is not believed.
TEST_F(BackupFaults, AnotherLifeBelievesNoNumbers) {
  put(inbox_, letter("one"));
  run();
  must(await(database_->query(postgres::Lane::write,
                              postgres::Statement{"", "UPDATE lineage SET timeline = timeline - 1"},
                              postgres::Params())));
  const MailboxStatus before = status(inbox_);
  EXPECT_TRUE(must(await(postgres::settle_lineage(*database_))));
  EXPECT_FALSE(must(await(postgres::settle_lineage(*database_))));
  const MailboxStatus after = status(inbox_);
  EXPECT_EQ(raw(after.uid_next), raw(before.uid_next) + postgres::kUidJump);
  EXPECT_EQ(raw(after.highest_modseq), raw(before.highest_modseq) + postgres::kModSeqJump);
  EXPECT_EQ(raw(put(inbox_, letter("two")).uid), raw(before.uid_next) + postgres::kUidJump);
  EXPECT_EQ(must(await(store_->lineage())).life, 2u);
  EXPECT_EQ(run_tomorrow().new_messages, 2u);
  EXPECT_TRUE(check().broken.empty());
}

TEST_F(BackupFaults, WhatAProcessWritesThatHasLostItsLeaseHarmsNobody) {
  put(inbox_, letter("one"));
  run();
  auto pack = must(repository_->create_pack(alice_, "2025-01-30-deadbeef-0001.tar.zst"));
  must(pack->add(BlobId(77), "of nobody"));
  must(pack->finish());
  run_tomorrow();
  EXPECT_EQ(count(files(), "deadbeef-0001.tar.zst"), 1u) << "it may be going on";
  run_tomorrow();
  EXPECT_EQ(count(files(), "deadbeef-0001.tar.zst"), 0u);
  EXPECT_TRUE(check().broken.empty());
}

TEST_F(BackupFaults, AFullDiskIsSaidAndTheEveningMadeLater) {
  put(inbox_, letter("large", noise(3'000'000)));
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 1'000'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto full = try_run();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(refusal(full), ErrorKind::unavailable);
  EXPECT_TRUE(must(repository_->evenings()).empty());
  EXPECT_EQ(count(files(), ".tar.zst"), 0u);
  EXPECT_EQ(run().new_messages, 1u) << "due at once";
  EXPECT_TRUE(check().broken.empty());
}

TEST_F(BackupFaults, ADirectoryThatIsAwayIsNotAnEmptyOne) {
  put(inbox_, letter("one"));
  run();
  fs::rename(options_.directory, options_.directory + ".away");
  std::ofstream(options_.directory) << "no directory";
  EXPECT_FALSE(try_run());
  EXPECT_FALSE(verify(*repository_, std::nullopt));
  fs::remove(options_.directory);
  fs::rename(options_.directory + ".away", options_.directory);
  EXPECT_EQ(run_tomorrow().new_messages, 0u);
}

TEST_F(BackupFaults, AWholeInstallationComesBackIntoAnEmptyStore) {
  must(await(directory().set_account_feature(alice_, Feature::mobile_sync, true)));
  const AccountId bob = create("bob@example.test").id;
  must(await(directory().set_alias("info@example.test", {"alice@example.test", "bob@example.test"})));
  must(await(directory().set_catch_all("example.test", "bob@example.test")));
  AccountLimits limits;
  limits.quota_octets = 50'000'000;
  must(await(directory().set_limits(bob, limits)));
  for (int i = 0; i < 5; ++i)
    put(inbox_, letter("no " + std::to_string(i)), flags({SystemFlag::seen}, {"$Work"}));
  must(await(messages().remove(inbox_, uids({2, 5}), Door::imap)));
  const Evening evening = run();

  const std::string empty = TestCluster::get().fresh_database();
  auto other = postgres::open_store(loop_, empty, settings_, clock_, Log::silent());
  for (int again = 0; again < 2; ++again) {
    InstallationReport report;
    must(await(restore_installation(loop_, *other, *repository_, evening.date, report,
                                    [](const InstallationReport&) {})));
    EXPECT_TRUE(report.refused.empty()) << report.refused.front();
    EXPECT_TRUE(report.people.refused.empty()) << report.people.refused.front();
    EXPECT_EQ(report.accounts, 2u);
    EXPECT_EQ(report.mail.messages, again == 0 ? 3u : 0u);
  }
  const AccountRecord here = must(await(directory().find_account("alice@example.test")));
  const AccountRecord there = must(await(other->directory().find_account("alice@example.test")));
  EXPECT_EQ(there.credentials.password_hash, here.credentials.password_hash);
  EXPECT_TRUE(there.allows(Feature::mobile_sync));
  const AccountRecord other_bob = must(await(other->directory().find_account("bob@example.test")));
  EXPECT_EQ(other_bob.quota.octets_max, 50'000'000u);
  EXPECT_EQ(must(await(other->directory().resolve("info@example.test"))).size(), 2u);
  EXPECT_EQ(must(await(other->directory().resolve("anybody@example.test"))).front().account, other_bob.id);
  const Mailbox inbox = must(await(other->mailboxes().find(there.id, name("INBOX"))));
  const MailboxStatus was = status(inbox_);
  EXPECT_EQ(inbox.status.uid_validity, was.uid_validity);
  EXPECT_EQ(inbox.status.uid_next, was.uid_next);
  EXPECT_GT(inbox.status.highest_modseq, was.highest_modseq);
  const SnapshotPtr restored = must(await(other->messages().snapshot(inbox.key)));
  EXPECT_EQ(restored->uids(), snapshot(inbox_)->uids());
  EXPECT_EQ(restored->flags(restored->at(0)), flags({SystemFlag::seen}, {"$Work"}));
  await(other->close());
}

}  // namespace
}  // namespace postern::tests
