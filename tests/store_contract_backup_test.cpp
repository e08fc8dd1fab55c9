// Backup: evenings in a repository, what they cost, what they survive, and mail as it stood on one of them.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "storage/backup/backup_rounds.h"
#include "storage/backup/restore.h"
#include "tests/support/backup_fixture.h"

namespace postern::tests {
namespace {

using namespace backup;
namespace fs = std::filesystem;

using BackupContract = BackupFixture;

TEST_F(BackupContract, AnEveningHoldsEverythingAndCostsWhatIsNew) {
  put(inbox_, letter("one"), flags({SystemFlag::seen}, {"$Work"}));
  put(inbox_, letter("large", std::string(700'000, 'x')));
  must(await(messages().copy(inbox_, uids({1}), find("Archive").key)));
  const AccountId bob = create("bob@example.test").id;
  const Evening first = run();
  EXPECT_EQ(first.date, "2025-01-30");
  EXPECT_EQ(first.new_messages, 2u) << "copies share their octets";
  ASSERT_EQ(first.accounts.size(), 2u);
  EXPECT_EQ(first.accounts[0].messages, 3u);
  EXPECT_TRUE(first.failed.empty());
  Verified verified = check();
  EXPECT_EQ(verified.messages, 2u);
  EXPECT_TRUE(verified.broken.empty());

  const std::vector<std::string> before = files();
  const Evening second = run_tomorrow();
  EXPECT_EQ(second.new_messages, 0u);
  EXPECT_EQ(second.accounts[0].manifest, first.run);
  EXPECT_EQ(files().size(), before.size() + 2) << "only the evening itself, and its people";

  must(store(inbox_, uids({1}), FlagChangeMode::add, flags({SystemFlag::flagged})));
  put(inbox_, letter("three"));
  const Evening third = run_tomorrow();
  EXPECT_EQ(third.new_messages, 1u);
  EXPECT_EQ(third.accounts[0].manifest, third.run);
  EXPECT_TRUE(third.run.starts_with("2025-02-01-"));
  EXPECT_EQ(third.accounts[1].manifest, first.run);
  EXPECT_EQ(third.accounts[1].account, bob);
  EXPECT_TRUE(check().broken.empty());
  EXPECT_EQ(must(repository_->evenings()),
            (std::vector<std::string>{"2025-01-30", "2025-01-31", "2025-02-01"}));
  struct stat facts {};
  ASSERT_EQ(::stat((options_.directory + "/accounts").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
}

TEST_F(BackupContract, AnyEveningRestoresAsItStood) {
  std::mt19937 random(4711);
  const auto chance = [&random](unsigned of) { return random() % of; };
  std::map<std::string, Shown> stood;
  make("Old");
  options_.evenings = 6;
  for (int day = 0; day < 14; ++day) {
    for (int step = 0; step < 12; ++step) {
      const std::vector<Mailbox> boxes = must(await(mailboxes().list(alice_)));
      const Mailbox& box = boxes[chance(static_cast<unsigned>(boxes.size()))];
      const SnapshotPtr now = snapshot(box.key);
      const UidSet some =
          now->size() == 0 ? UidSet() : UidSet::one(now->at(chance(static_cast<unsigned>(now->size()))).uid);
      const unsigned act = some.empty() ? chance(2) * 7 : chance(10);
      if (act <= 1) put(box.key, letter("day " + std::to_string(day) + " step " + std::to_string(step)));
      if (act == 2) must(store(box.key, some, FlagChangeMode::add, flags({SystemFlag::seen}, {"$Work"})));
      if (act == 3) must(await(messages().remove(box.key, some, Door::imap)));
      const Mailbox& other = boxes[chance(static_cast<unsigned>(boxes.size()))];
      if (act == 4) must(await(messages().move(box.key, some, other.key)));
      if (act == 5) must(await(messages().copy(box.key, some, other.key)));
      if (act == 6 && !box.name.is_inbox() && box.special_use == SpecialUse::none)
        must(await(mailboxes().remove(alice_, box.name, Door::imap)));
      // The account that it comes back into has the mailboxes of a new one beside them.
      const bool has_room = boxes.size() < kMailboxesMax / 2;
      if (act == 7 && has_room) make("New " + std::to_string(day) + "/" + std::to_string(step));
      if (act == 8 && !box.name.is_inbox() && !other.name.is_below(box.name))
        must(await(
            mailboxes().rename(alice_, box.name, name("Renamed " + std::to_string(random() % 100'000)))));
      if (act == 9) must(store(box.key, some, FlagChangeMode::replace, flags({SystemFlag::flagged})));
    }
    const Evening evening = run_tomorrow();
    stood[evening.date] = shown(alice_);
    if (stood.size() > options_.evenings) stood.erase(stood.begin());
  }
  EXPECT_TRUE(check().broken.empty());
  ASSERT_EQ(stood.size(), options_.evenings);
  int number = 0;
  for (const auto& [date, expected] : stood) {
    const AccountId fresh = create("fresh" + std::to_string(++number) + "@example.test").id;
    RestoreRequest request = as_of(date);
    request.exact = true;
    const RestoreReport report = restore_into(fresh, request);
    EXPECT_EQ(report.messages, expected.size());
    EXPECT_EQ(shown(fresh), expected) << date;
    expect_no_drift(fresh);
    // Again: everything is there.
    const RestoreReport again = restore_into(fresh, as_of(date));
    EXPECT_EQ(again.messages, 0u);
    EXPECT_EQ(again.duplicates, expected.size());
  }
}

TEST_F(BackupContract, ExactlyMeansThatClientsNoticeNothing) {
  for (int i = 0; i < 5; ++i) put(inbox_, letter("no " + std::to_string(i)));
  must(await(messages().remove(inbox_, uids({2, 5}), Door::imap)));
  const MailboxKey deep = make("Projects/Bridge").key;
  put(deep, letter("deep"));
  run();
  const AccountId fresh = create("fresh@example.test").id;
  RestoreRequest request = as_of("2025-01-30");
  request.exact = true;
  restore_into(fresh, request);
  for (const char* box : {"INBOX", "Projects/Bridge"}) {
    const Mailbox there = must(await(mailboxes().find(fresh, name(box))));
    const Mailbox here = find(box);
    EXPECT_EQ(there.status.uid_validity, here.status.uid_validity);
    EXPECT_EQ(there.status.uid_next, here.status.uid_next);
    EXPECT_GT(there.status.highest_modseq, here.status.highest_modseq);
    EXPECT_EQ(snapshot(there.key)->uids(), snapshot(here.key)->uids());
  }
  // Not over what somebody uses.
  const MailboxStatus before = status(inbox_);
  RestoreReport report;
  request.address = "alice@example.test";
  request.into = create("used@example.test").id;
  put(must(await(mailboxes().find(request.into, name("INBOX")))).key, letter("own"));
  EXPECT_EQ(
      refusal(await(restore(loop_, *store_, *repository_, request, report, [](const RestoreReport&) {}))),
      ErrorKind::stale);
  EXPECT_EQ(status(inbox_).messages, before.messages);
}

TEST_F(BackupContract, AMailboxOrAMessageComesBackIntoTheLivingAccount) {
  put(inbox_, letter("one"));
  put(inbox_, letter("two"), flags({SystemFlag::seen}));
  put(find("Sent").key, letter("sent"));
  run();
  must(await(messages().remove(inbox_, UidSet::all(), Door::imap)));
  RestoreRequest one = as_of("2025-01-30");
  one.mailbox = name("INBOX");
  one.uid = Uid(2);
  EXPECT_EQ(restore_into(alice_, one).messages, 1u);
  EXPECT_EQ(flags_of(inbox_, 3), flags({SystemFlag::seen}));
  RestoreRequest all = as_of("2025-01-30");
  const RestoreReport report = restore_into(alice_, all);
  EXPECT_EQ(report.messages, 1u);
  EXPECT_EQ(report.duplicates, 2u);
  all.dated = true;
  EXPECT_EQ(restore_into(alice_, all).messages, 3u);
  EXPECT_EQ(status(find("Restored 2025-01-30/INBOX").key).messages, 2u);

  RestoreReport none;
  RestoreRequest wrong = as_of("2025-01-29");
  wrong.address = "alice@example.test";
  wrong.into = alice_;
  const auto refused = [&](const RestoreRequest& request) {
    return refusal(await(restore(loop_, *store_, *repository_, request, none, [](const RestoreReport&) {})));
  };
  EXPECT_EQ(refused(wrong), ErrorKind::not_found);
  wrong.date = "../../x";
  EXPECT_EQ(refused(wrong), ErrorKind::invalid);
  wrong.date = "2025-01-30";
  wrong.address = "nobody@example.test";
  EXPECT_EQ(refused(wrong), ErrorKind::not_found);
  wrong.address = "alice@example.test";
  wrong.mailbox = name("Nowhere");
  EXPECT_EQ(refused(wrong), ErrorKind::not_found);
}

TEST_F(BackupContract, OldEveningsGoAndTakeAlongWhatOnlyTheyKnow) {
  options_.evenings = 2;
  put(inbox_, letter("gone soon"));
  run();
  must(await(messages().remove(inbox_, uids({1}), Door::imap)));
  put(inbox_, letter("stays"));
  run_tomorrow();
  EXPECT_EQ(count(files(), ".tar.zst"), 2u);
  run_tomorrow();
  EXPECT_EQ(must(repository_->evenings()), (std::vector<std::string>{"2025-01-31", "2025-02-01"}));
  EXPECT_EQ(count(files(), ".tar.zst"), 1u);
  EXPECT_EQ(count(files(), ".packs"), 1u);
  EXPECT_EQ(count(files(), ".jsonl.zst"), 3u) << "a manifest, and the people of two evenings";
  EXPECT_TRUE(check().broken.empty());
  // While it is not known what an evening needs nothing of that account is swept.
  put(inbox_, letter("more"));
  const Evening damaged = run_tomorrow();
  fs::resize_file(folder_of(alice_) + "/" + damaged.run + ".jsonl.zst", 20);
  fs::resize_file(folder_of(alice_) + "/" + damaged.run + ".packs", 20);
  EXPECT_EQ(must(verify(*repository_, damaged.date)).broken.size(), 1u);
  must(store(inbox_, UidSet::all(), FlagChangeMode::add, flags({SystemFlag::seen})));
  evening_clock_.pass_days(1);
  const std::size_t packs = count(files(), ".tar.zst");
  EXPECT_EQ(refusal(try_run()), ErrorKind::invalid) << "of the sweep";
  EXPECT_TRUE(must(verify(*repository_, "2025-02-03")).broken.empty())
      << "an evening does not depend on the last";
  EXPECT_GE(count(files(), ".tar.zst"), packs);
}

TEST_F(BackupContract, WhatIsBrokenOffGoesOn) {
  put(inbox_, letter("one"));
  const AccountId bob = create("bob@example.test").id;
  put(must(await(mailboxes().find(bob, name("INBOX")))).key, letter("two"));
  int asked = 0;
  EXPECT_EQ(refusal(try_run([&asked] { return ++asked > 5; })), ErrorKind::closed);
  EXPECT_TRUE(must(repository_->evenings()).empty());
  EXPECT_EQ(count(files(), ".packs"), 1u);
  const Evening evening = run();
  EXPECT_EQ(evening.new_messages, 1u) << "the first account was saved before";
  EXPECT_EQ(evening.accounts.size(), 2u);
  EXPECT_TRUE(check().broken.empty());
  // What a process leaves that is killed in the midst of writing.
  std::ofstream(folder_of(alice_) + "/2025-01-31-0a1b2c3d-0001.tar.zst.01234567.part") << "torn";
  put(inbox_, letter("three"));
  run_tomorrow();
  EXPECT_TRUE(check().broken.empty());
  EXPECT_EQ(count(files(), ".part"), 0u);
}

TEST_F(BackupContract, OneProcessAtATimeAndOnceAnEvening) {
  EXPECT_TRUE(must(await(store_->nightly_jobs().take(kBackupJob, true))));
  auto other = postern::postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  auto never = [] { return false; };
  EXPECT_FALSE(must(await(back_up(loop_, *other, options_, evening_clock_, true, never))));
  must(await(store_->nightly_jobs().put_off(kBackupJob)));
  EXPECT_TRUE(must(await(back_up(loop_, *other, options_, evening_clock_, false, never))));
  EXPECT_FALSE(must(await(back_up(loop_, *other, options_, evening_clock_, false, never))));
  EXPECT_TRUE(must(await(back_up(loop_, *other, options_, evening_clock_, true, never))));
  await(other->close());
}

TEST_F(BackupContract, DamageIsFoundAndTheRestRestored) {
  put(inbox_, letter("one"));
  run();
  put(inbox_, letter("two"));
  run_tomorrow();
  const std::string pack = pack_of(alice_, "2025-01-30");
  ASSERT_TRUE(fs::exists(pack));
  {
    std::fstream file(pack, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(30);
    file.put('!');
  }
  EXPECT_EQ(check().broken.size(), 1u);
  const AccountId fresh = create("fresh@example.test").id;
  const RestoreReport report = restore_into(fresh, as_of("2025-01-31"));
  EXPECT_EQ(report.messages, 1u);
  EXPECT_EQ(report.broken.size(), 1u);
  fs::remove(pack);
  EXPECT_EQ(check().broken.size(), 1u);
}

TEST_F(BackupContract, SomebodyElsesDirectoryIsLeftAlone) {
  fs::create_directories(options_.directory);
  std::ofstream(options_.directory + "/thesis.txt") << "precious";
  EXPECT_EQ(refusal(try_run()), ErrorKind::invalid);
  EXPECT_EQ(files(), std::vector<std::string>{"thesis.txt"});
  options_.directory = "/proc/nowhere";
  EXPECT_FALSE(try_run());
}

}  // namespace
}  // namespace postern::tests
