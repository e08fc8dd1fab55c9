// Backup: evenings in a repository, what they cost, what they survive, and mail as it stood on one of them.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "storage/backup/backup_rounds.h"
#include "storage/backup/restore.h"
#include "storage/exchange/disk.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using namespace backup;
namespace fs = std::filesystem;

class SetClock final : public Clock {
 public:
  WallTime now() const override { return now_; }
  void pass_days(int days) { now_ += std::chrono::days(days); }

 private:
  WallTime now_ = WallTime(std::chrono::sys_days(std::chrono::year(2025) / 1 / 30)) + std::chrono::hours(2);
};

class BackupContract : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    char name[] = "/tmp/postern-backup-XXXXXX";
    directory_ = ::mkdtemp(name);
    options_.directory = directory_ + "/repository";
    repository_ = std::make_unique<Repository>(options_.directory);
  }
  void TearDown() override {
    fs::remove_all(directory_);
    MessageFixture::TearDown();
  }

  Result<std::optional<Evening>> try_run(std::function<bool()> stopping = [] { return false; }) {
    return await(back_up(loop_, *store_, options_, evening_clock_, true, std::move(stopping)));
  }
  Evening run() { return must(try_run()).value(); }
  Evening run_tomorrow() {
    evening_clock_.pass_days(1);
    return run();
  }
  Verified check() { return must(verify(*repository_, std::nullopt)); }
  RestoreReport restore_into(AccountId into, RestoreRequest request) {
    if (request.address.empty()) request.address = "alice@example.test";
    request.into = into;
    RestoreReport report;
    must(await(
        restore(loop_, *store_, *repository_, std::move(request), report, [](const RestoreReport&) {})));
    return report;
  }
  static RestoreRequest as_of(const std::string& date) {
    RestoreRequest request;
    request.date = date;
    return request;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(options_.directory))
      if (entry.is_regular_file()) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  static std::size_t count(const std::vector<std::string>& names, const std::string& end) {
    return static_cast<std::size_t>(std::count_if(
        names.begin(), names.end(), [&end](const std::string& name) { return name.ends_with(end); }));
  }
  using Shown = std::multiset<std::tuple<std::string, std::string, std::uint8_t, std::vector<std::string>>>;
  // Everything an account has, but for UIDs.
  Shown shown(AccountId account) {
    Shown all;
    for (const Mailbox& mailbox : must(await(mailboxes().list(account)))) {
      const SnapshotPtr now = snapshot(mailbox.key);
      now->each([&](std::size_t, const MessageState& state) {
        const Flags flags = now->flags(state);
        all.emplace(mailbox.name.text(), content(mailbox.key, state.uid), flags.system, flags.keywords);
      });
    }
    return all;
  }

  std::string directory_;
  BackupSettings options_;
  SetClock evening_clock_;
  std::unique_ptr<Repository> repository_;
};

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
  EXPECT_EQ(second.accounts[0].manifest, "2025-01-30");
  EXPECT_EQ(files().size(), before.size() + 1) << "only the evening itself";

  must(store(inbox_, uids({1}), FlagChangeMode::add, flags({SystemFlag::flagged})));
  put(inbox_, letter("three"));
  const Evening third = run_tomorrow();
  EXPECT_EQ(third.new_messages, 1u);
  EXPECT_EQ(third.accounts[0].manifest, "2025-02-01");
  EXPECT_EQ(third.accounts[1].manifest, "2025-01-30");
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
  for (int day = 0; day < 6; ++day) {
    for (int step = 0; step < 12; ++step) {
      const std::vector<Mailbox> boxes = must(await(mailboxes().list(alice_)));
      const Mailbox& box = boxes[chance(static_cast<unsigned>(boxes.size()))];
      const SnapshotPtr now = snapshot(box.key);
      const UidSet some =
          now->size() == 0 ? UidSet() : UidSet::one(now->at(chance(static_cast<unsigned>(now->size()))).uid);
      const unsigned act = some.empty() ? 0 : chance(5);
      if (act <= 1) put(box.key, letter("day " + std::to_string(day) + " step " + std::to_string(step)));
      if (act == 2) must(store(box.key, some, FlagChangeMode::add, flags({SystemFlag::seen}, {"$Work"})));
      if (act == 3) must(await(messages().remove(box.key, some, Door::imap)));
      if (act == 4)
        must(await(messages().move(box.key, some, boxes[chance(static_cast<unsigned>(boxes.size()))].key)));
    }
    const Evening evening = run_tomorrow();
    stood[evening.date] = shown(alice_);
  }
  EXPECT_TRUE(check().broken.empty());
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
  EXPECT_EQ(count(files(), ".jsonl.zst"), 1u);
  EXPECT_TRUE(check().broken.empty());
  // While a manifest cannot be read nothing is swept.
  put(inbox_, letter("more"));
  run_tomorrow();
  const std::string manifest =
      options_.directory + "/accounts/" + std::to_string(raw(alice_)) + "/2025-02-02.jsonl.zst";
  ASSERT_TRUE(fs::exists(manifest));
  fs::resize_file(manifest, 20);
  const std::size_t packs = count(files(), ".tar.zst");
  evening_clock_.pass_days(1);
  EXPECT_FALSE(must(verify(*repository_, "2025-02-02")).broken.empty());
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
  EXPECT_EQ(refusal(try_run([&asked] { return ++asked > 3; })), ErrorKind::closed);
  EXPECT_TRUE(must(repository_->evenings()).empty());
  EXPECT_EQ(count(files(), ".jsonl.zst"), 1u);
  const Evening evening = run();
  EXPECT_EQ(evening.new_messages, 1u) << "the first account was saved before";
  EXPECT_EQ(evening.accounts.size(), 2u);
  EXPECT_TRUE(check().broken.empty());
  // What a process leaves that is killed in the midst of writing.
  const std::string folder = options_.directory + "/accounts/" + std::to_string(raw(alice_));
  std::ofstream(folder + "/2025-01-31-0001.tar.zst.part") << "torn";
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
  const std::string pack =
      options_.directory + "/accounts/" + std::to_string(raw(alice_)) + "/2025-01-30-0001.tar.zst";
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

TEST(Packs, AreTarArchivesAndTornOnesAreRefused) {
  PackWriter writer;
  EXPECT_TRUE(writer.empty());
  writer.add(BlobId(7), "one");
  writer.add(BlobId(8), "");
  writer.add(BlobId(9), std::string(512, 'x'));
  const std::string file = *writer.finish();
  EXPECT_TRUE(writer.empty());
  const auto pack = Pack::read(file);
  ASSERT_TRUE(pack);
  EXPECT_EQ(pack->size(), 3u);
  EXPECT_EQ(*pack->find(BlobId(7)), "one");
  EXPECT_EQ(*pack->find(BlobId(8)), "");
  EXPECT_EQ(pack->find(BlobId(9))->size(), 512u);
  EXPECT_EQ(pack->find(BlobId(1)), nullptr);
  for (std::size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(Pack::read(file.substr(0, size))) << size;
  const std::string tar = *decompress(file, 1 << 20);
  EXPECT_EQ(tar.substr(257, 8), std::string("ustar\0"
                                            "00",
                                            8));
  EXPECT_FALSE(Pack::read(*compress(tar.substr(0, 600))));
  EXPECT_FALSE(decompress(file, 100));
  std::string lying = tar;
  lying.replace(124, 11, "77777777777");
  EXPECT_FALSE(Pack::read(*compress(lying)));
}

TEST(Manifests, AreTextAndBack) {
  Manifest manifest;
  manifest.account = AccountId(3);
  manifest.address = "j\xC3\xBCrg@example.test";
  manifest.taken_at = WallTime(std::chrono::microseconds(1'736'157'600'123'456));
  SavedMailbox& mailbox = manifest.mailboxes.emplace_back();
  mailbox.name = "Entw\xC3\xBCrfe";
  mailbox.special_use = SpecialUse::drafts;
  mailbox.uid_validity = UidValidity(9);
  SavedMessage& message = mailbox.messages.emplace_back();
  message.uid = Uid(4);
  message.flags = flags({SystemFlag::seen}, {"$Work"});
  message.pack = "p";
  const std::string text = to_text(manifest);
  const auto again = manifest_from(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(to_text(*again), text);
  EXPECT_EQ(again->mailboxes.at(0).messages.at(0).flags, message.flags);
  for (std::size_t size = 0; size + 1 < text.size(); ++size)
    EXPECT_FALSE(manifest_from(text.substr(0, size))) << size;
  EXPECT_FALSE(manifest_from("{\"format\":\"postern-manifest-2\"}"));
  EXPECT_FALSE(manifest_from("[]"));
  EXPECT_FALSE(evening_from("{}"));
  EXPECT_FALSE(evening_from("nothing"));
}

}  // namespace
}  // namespace postern::tests
