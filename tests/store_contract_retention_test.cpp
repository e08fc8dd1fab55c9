// Retention: what has been in Trash or Junk for so long leaves by itself, and can be recovered.
#include "storage/postgres/retention.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Statement;

class RetentionContract : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    rounds_ = std::make_unique<postgres::RetentionRounds>(*database_, messages());
    trash_ = find("Trash").key;
    junk_ = find("Junk").key;
  }
  void TearDown() override {
    await(rounds_->close());
    MessageFixture::TearDown();
  }
  Retention& retention() { return store_->retention(); }
  std::uint64_t run() { return must(await(rounds_->run_once())); }
  static RetentionRules rules(std::optional<std::uint32_t> trash, std::optional<std::uint32_t> junk) {
    RetentionRules rules;
    rules.trash_days = trash;
    rules.junk_days = junk;
    return rules;
  }
  void change(const std::string& text) { sql(Statement{"", text.c_str()}, postgres::Params()); }
  void age(int days) {
    change("UPDATE messages SET save_date = save_date - interval '" + std::to_string(days) + " days'");
  }

  std::unique_ptr<postgres::RetentionRounds> rounds_;
  MailboxKey trash_;
  MailboxKey junk_;
};

TEST_F(RetentionContract, WithoutRulesEverythingStays) {
  put(trash_, letter("one"));
  age(4000);
  EXPECT_EQ(run(), 0u);
}

TEST_F(RetentionContract, ADomainsRulesCountBeforeItsPlans) {
  must(await(retention().set_plan("standard", rules(30, 30))));
  must(await(retention().set_domain("Example.test", rules(std::nullopt, 0))));
  EXPECT_EQ(must(await(retention().of_plan("standard"))), rules(30, 30));
  EXPECT_EQ(must(await(retention().of_domain("example.test"))), rules(std::nullopt, 0));
  put(trash_, letter("trash"));
  put(junk_, letter("junk"));
  put(inbox_, letter("inbox"));
  age(29);
  EXPECT_EQ(run(), 0u);
  age(1);
  EXPECT_EQ(run(), 1u);
  EXPECT_EQ(status(trash_).messages, 0u);
  EXPECT_EQ(status(junk_).messages, 1u);
  EXPECT_EQ(status(inbox_).messages, 1u);
  EXPECT_EQ(run(), 0u);
  const RecoveryPage page = must(await(store_->recovery().find(alice_, RecoveryQuery())));
  ASSERT_EQ(page.found.size(), 1u);
  EXPECT_EQ(page.found[0].subject, "trash");
  EXPECT_EQ(page.found[0].removal.door, Door::job);
  EXPECT_EQ(page.found[0].removal.by, "retention: 30 days");
}

TEST_F(RetentionContract, ItCountsFromWhenAMessageCameThere) {
  must(await(retention().set_domain("example.test", rules(10, std::nullopt))));
  put(inbox_, letter("old"));
  age(100);
  must(await(messages().move(inbox_, uids({1}), trash_)));
  EXPECT_EQ(run(), 0u);
  age(10);
  EXPECT_EQ(run(), 1u);
}

TEST_F(RetentionContract, ManyLeaveInBatches) {
  must(await(retention().set_domain("example.test", rules(10, std::nullopt))));
  const int many = static_cast<int>(postgres::RetentionRounds::kMessagesMax) + 10;
  fill_with_mail(trash_, many);
  must(await(messages().remove(trash_, uids({1, 2}), Door::imap)));
  age(10);
  put(trash_, letter("young"));
  EXPECT_EQ(run(), static_cast<std::uint64_t>(many) - 2);
  EXPECT_EQ(status(trash_).messages, 1u);
}

TEST_F(RetentionContract, RefusesWhatIsNoRule) {
  EXPECT_EQ(refusal(await(retention().set_domain("nowhere.test", rules(1, 1)))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(retention().set_plan("nothing", rules(1, 1)))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(retention().of_domain("nowhere.test"))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(retention().of_plan("nothing"))), ErrorKind::not_found);
  must(await(retention().set_domain("example.test", rules(kRetentionDaysMax, 1))));
  EXPECT_EQ(refusal(await(retention().set_domain("example.test", rules(kRetentionDaysMax + 1, 1)))),
            ErrorKind::invalid);
}

}  // namespace
}  // namespace postern::tests
