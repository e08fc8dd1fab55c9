// The repository in a bucket, against a server that checks signatures.
#include <filesystem>
#include <fstream>

#include "tests/support/backup_fixture.h"
#include "tests/support/s3_server.h"

namespace postern::tests {
namespace {

using namespace backup;
namespace fs = std::filesystem;

class BackupInABucket : public BackupFixture {
 protected:
  void SetUp() override {
    BackupFixture::SetUp();
    if (!S3Server::is_installed()) GTEST_SKIP() << "no s3rver: `npm ci` in tests/s3";
    server_ = std::make_unique<S3Server>(directory_ + "/s3");
    options_.directory.clear();
    options_.s3 = server_->settings();
    options_.evenings = 2;
  }
  Repository bucket() { return must(Repository::of(options_)); }
  std::vector<std::string> objects() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(directory_ + "/s3/objects/mail")) {
      const std::string name = entry.path().filename();
      if (entry.is_regular_file() && name.ends_with("_object")) names.push_back(entry.path());
    }
    return names;
  }

  std::unique_ptr<S3Server> server_;
};

TEST_F(BackupInABucket, EveningsComeGoAndRestore) {
  put(inbox_, letter("one"), flags({SystemFlag::seen}, {"$Work"}));
  put(inbox_, letter("large", noise(3'000'000)));
  EXPECT_EQ(run().new_messages, 2u);
  const Shown first = shown(alice_);
  must(await(messages().remove(inbox_, uids({2}), Door::imap)));
  put(inbox_, letter("three"));
  EXPECT_EQ(run_tomorrow().new_messages, 1u);
  Repository repository = bucket();
  EXPECT_EQ(must(repository.evenings()), (std::vector<std::string>{"2025-01-30", "2025-01-31"}));
  Verified verified = must(verify(repository, std::nullopt));
  EXPECT_EQ(verified.messages, 3u);
  EXPECT_TRUE(verified.broken.empty());
  const AccountId fresh = create("fresh@example.test").id;
  RestoreRequest request = as_of("2025-01-30");
  request.address = "alice@example.test";
  request.into = fresh;
  request.exact = true;
  RestoreReport report;
  must(await(restore(loop_, *store_, repository, request, report, [](const RestoreReport&) {})));
  EXPECT_EQ(shown(fresh), first);
  // The first evening goes, and its objects when they are old enough.
  const std::size_t before = objects().size();
  run_tomorrow();
  run_tomorrow();
  EXPECT_EQ(must(repository.evenings()), (std::vector<std::string>{"2025-02-01", "2025-02-02"}));
  EXPECT_TRUE(must(verify(repository, std::nullopt)).broken.empty());
  EXPECT_LT(objects().size(), before + 8);
}

TEST_F(BackupInABucket, Encrypted) {
  options_.key_file = directory_ + "/key";
  std::ofstream(options_.key_file) << std::string(64, '7') << "\n";
  fs::permissions(options_.key_file, fs::perms::owner_read | fs::perms::owner_write);
  put(inbox_, letter("one"));
  run();
  EXPECT_TRUE(must(verify(bucket(), std::nullopt)).broken.empty());
  for (const std::string& path : objects()) {
    std::ifstream file(path, std::ios::binary);
    const std::string octets(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(octets.find("alice@example.test"), std::string::npos) << path;
  }
}

TEST_F(BackupInABucket, AWrongSecretIsRefusedAndSaidSo) {
  put(inbox_, letter("one"));
  std::ofstream(options_.s3.secret_key_file) << "wrong\n";
  const auto refused = try_run();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_NE(refused.error().detail.find("SignatureDoesNotMatch"), std::string::npos)
      << refused.error().detail;
  EXPECT_TRUE(objects().empty());
}

TEST_F(BackupInABucket, ABucketThatIsNotThereIsNoEmptyOne) {
  options_.s3.bucket = "another";
  const auto refused = try_run();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_NE(refused.error().detail.find("NoSuchBucket"), std::string::npos) << refused.error().detail;
}

TEST_F(BackupInABucket, OutOfReachIsSaidAndMadeUp) {
  put(inbox_, letter("one"));
  run();
  server_->stop();
  put(inbox_, letter("two"));
  evening_clock_.pass_days(1);
  const auto refused = try_run();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_NE(refused.error().detail.find("out of reach"), std::string::npos) << refused.error().detail;
  EXPECT_EQ(refusal(verify(bucket(), std::nullopt)), ErrorKind::unavailable) << "which is no damage";
  server_->start();
  EXPECT_EQ(run().new_messages, 1u);
  EXPECT_TRUE(must(verify(bucket(), std::nullopt)).broken.empty());
}

}  // namespace
}  // namespace postern::tests
