// The promises of Conversations: what is filed is found until it goes to INBOX or its mailbox is gone, and a
// delivery hears of it and goes where it is told.
#include "storage/conversations.h"

#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

const std::string kLunch(16, '\1');
const std::string kDinner("\0 sixteen octets", 16);

class ConversationContract : public MessageFixture {
 protected:
  Conversations& conversations() { return store_->conversations(); }
  Result<void> try_file(MailboxKey mailbox, const std::string& conversation) {
    return await(conversations().file_in(mailbox, conversation));
  }
  void file(MailboxKey mailbox, const std::string& conversation) { must(try_file(mailbox, conversation)); }
  std::optional<MailboxId> filed_in(const std::string& conversation) {
    return must(await(conversations().filed_in(alice_, conversation)));
  }
  bool files() { return must(await(directory().resolve("alice@example.test"))).front().files; }
};

TEST_F(ConversationContract, IsFiledUntilItGoesToInbox) {
  const Mailbox work = make("Work");
  const Mailbox other = make("Other");
  EXPECT_FALSE(filed_in(kLunch));
  EXPECT_FALSE(files());
  file(work.key, kLunch);
  file(work.key, kDinner);
  EXPECT_EQ(filed_in(kLunch), work.key.mailbox);
  EXPECT_EQ(filed_in(kDinner), work.key.mailbox);
  EXPECT_TRUE(files()) << "although it was found without before";
  file(other.key, kLunch);
  EXPECT_EQ(filed_in(kLunch), other.key.mailbox);
  file(inbox_, kLunch);
  EXPECT_FALSE(filed_in(kLunch));
  EXPECT_EQ(filed_in(kDinner), work.key.mailbox);
  file(inbox_, kDinner);
  EXPECT_FALSE(files());
}

TEST_F(ConversationContract, KnowsMailboxesAndAccountsApart) {
  const Mailbox work = make("Work");
  const AccountId bob = create("bob@example.test").id;
  EXPECT_EQ(refusal(try_file(MailboxKey{alice_, MailboxId{9999}}, kLunch)), ErrorKind::not_found);
  file(work.key, kLunch);
  EXPECT_FALSE(must(await(conversations().filed_in(bob, kLunch))));
  must(remove("Work"));
  EXPECT_FALSE(filed_in(kLunch));
  EXPECT_EQ(refusal(try_file(work.key, kDinner)), ErrorKind::not_found);
}

TEST_F(ConversationContract, ForgetsTheOldestOfTooMany) {
  const Mailbox work = make("Work");
  static constexpr postgres::Statement kFill{"test_fill_filed", R"sql(
    INSERT INTO filed_conversations (account_id, conversation, mailbox_id, filed_at)
    SELECT $1::bigint, int8send(n), $2::bigint, now() - n * interval '1 second'
      FROM generate_series(1, $3::integer) n)sql"};
  sql(kFill, postgres::Params(work.key.account, work.key.mailbox, std::int32_t{Conversations::kFiledMax}));
  const auto numbered = [](char high, char low) { return std::string(6, '\0') + high + low; };
  const std::string oldest = numbered('\x27', '\x10');  // 10,000
  EXPECT_TRUE(filed_in(oldest));
  file(work.key, kLunch);
  EXPECT_FALSE(filed_in(oldest));
  EXPECT_TRUE(filed_in(numbered('\x27', '\x0F')));
  EXPECT_TRUE(filed_in(kLunch));
}

TEST_F(ConversationContract, ADeliveryGoesWhereItIsTold) {
  const Mailbox work = make("Work");
  const StagedMessage staged = must(await(stage(messages(), alice_, letter("t"))));
  Delivery delivery{alice_, "bob@example.test", "alice@example.test", work.key.mailbox};
  EXPECT_FALSE(must(await(messages().deliver(staged, delivery))).duplicate);
  EXPECT_EQ(content(work.key, Uid(1)), letter("t"));
  delivery.mailbox = std::nullopt;
  EXPECT_TRUE(must(await(messages().deliver(staged, delivery))).duplicate) << "of the same delivery";
  delivery.recipient = "alice+1@example.test";
  delivery.mailbox = work.key.mailbox;
  must(remove("Work"));
  EXPECT_FALSE(await(messages().deliver(staged, delivery)));
}

}  // namespace
}  // namespace postern::tests
