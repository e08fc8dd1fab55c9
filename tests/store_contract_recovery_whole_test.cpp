// What has left as a whole: mailboxes and accounts, and how they come back.
#include "storage/postgres/purge.h"
#include "storage/recovery.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Statement;

class WholeRecovery : public MessageFixture {
 protected:
  Recovery& recovery() { return store_->recovery(); }
  std::vector<RemovedMailbox> removed() { return must(await(recovery().removed_mailboxes(alice_))); }
  Mailbox bring_back(MailboxKey key) { return must(await(recovery().restore_mailbox(key))); }
  void change(const std::string& text) { sql(Statement{"", text.c_str()}, postgres::Params()); }
};

TEST_F(WholeRecovery, AMailboxComesBackAsItWas) {
  const MailboxKey box = make("Projects/Bridge").key;
  put(box, letter("one"), flags({SystemFlag::flagged}, {"$Work"}));
  put(box, letter("two"));
  const MailboxStatus before = status(box);
  must(await(mailboxes().remove(alice_, name("Projects/Bridge"), Removal(Door::mobile_sync, "PHONE1"))));
  EXPECT_EQ(must(await(directory().quota(alice_))).messages, 0u);
  const std::vector<RemovedMailbox> gone = removed();
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].key, box);
  EXPECT_EQ(gone[0].name, "Projects/Bridge");
  EXPECT_EQ(gone[0].removal.door, Door::mobile_sync);
  EXPECT_EQ(gone[0].removal.by, "PHONE1");
  EXPECT_EQ(gone[0].messages, 2u);

  int rings = 0;
  const Subscription subscription = store_->changes().listen_account(alice_, [&rings] { ++rings; });
  const Mailbox back = bring_back(box);
  EXPECT_GT(rings, 0);
  EXPECT_EQ(back.name.text(), "Projects/Bridge");
  EXPECT_EQ(back.status.uid_validity, before.uid_validity);
  EXPECT_EQ(back.status.uid_next, before.uid_next);
  EXPECT_GT(back.status.highest_modseq, before.highest_modseq);
  EXPECT_EQ(snapshot(box)->uids(), uids({1, 2}));
  EXPECT_EQ(flags_of(box, 1), flags({SystemFlag::flagged}, {"$Work"}));
  EXPECT_EQ(must(await(directory().quota(alice_))).messages, 2u);
  EXPECT_TRUE(removed().empty());
  EXPECT_EQ(refusal(await(recovery().restore_mailbox(box))), ErrorKind::not_found);
}

TEST_F(WholeRecovery, ATakenNameGetsADateAndATakenRoleIsLost) {
  const MailboxKey junk = find("Junk").key;
  must(remove("Junk"));
  make("Junk", SpecialUse::junk);
  const Mailbox back = bring_back(junk);
  EXPECT_EQ(back.name.text().substr(0, 16), "Junk restored 20");
  EXPECT_EQ(back.special_use, SpecialUse::none);
  const MailboxKey trash = find("Trash").key;
  must(remove("Trash"));
  EXPECT_EQ(bring_back(trash).special_use, SpecialUse::trash);
}

TEST_F(WholeRecovery, ALongNameHasRoomForItsDate) {
  const std::string longest(kMailboxLevelOctetsMax, 'x');
  const MailboxKey box = make(longest).key;
  must(remove(longest));
  make(longest);
  EXPECT_EQ(bring_back(box).name.text().substr(0, 60), std::string(50, 'x') + " restored ");
}

TEST_F(WholeRecovery, WithoutRoomAMailboxStaysAway) {
  const MailboxKey box = make("Old").key;
  put(box, letter("one"));
  must(remove("Old"));
  put(inbox_, letter("two"));
  AccountLimits limits;
  limits.quota_messages = 1;
  must(await(directory().set_limits(alice_, limits)));
  EXPECT_EQ(refusal(await(recovery().restore_mailbox(box))), ErrorKind::over_quota);
  EXPECT_EQ(removed().size(), 1u);
}

TEST_F(WholeRecovery, OfARemovedMailboxMessagesComeBackOneByOneToo) {
  const MailboxKey box = make("Old").key;
  put(box, letter("one"), flags({SystemFlag::seen}, {"$Work"}));
  put(box, letter("two"));
  put(box, letter("three"));
  must(await(messages().remove(box, uids({3}), Door::imap)));
  must(remove("Old"));
  const RecoveryPage page = must(await(recovery().find(alice_, RecoveryQuery())));
  ASSERT_EQ(page.found.size(), 3u);
  EXPECT_TRUE(page.found[0].mailbox_removed);
  EXPECT_EQ(page.found[0].key.removal, ModSeq(0));
  EXPECT_FALSE(must(await(recovery().header(alice_, page.found[0].key))).empty());
  const auto restore = [this](std::vector<RecoverableKey> keys) {
    return must(await(recovery().restore(alice_, std::move(keys), RestoreTarget(), "admin")));
  };
  EXPECT_EQ(restore({page.found[1].key}).messages, 1u);
  const MailboxKey again = find("Old").key;
  EXPECT_NE(again, box);
  EXPECT_EQ(flags_of(again, 1), flags({SystemFlag::seen}, {"$Work"}));
  EXPECT_EQ(must(await(recovery().find(alice_, RecoveryQuery()))).found.size(), 2u);

  // Whole it has all that it had; what was restored of it before counts as living there, and may go again.
  EXPECT_EQ(bring_back(box).status.messages, 2u);
  must(await(messages().remove(box, uids({1}), Door::imap)));
  RecoveryQuery of_it;
  of_it.subject = "one";
  const RecoveryPage once_more = must(await(recovery().find(alice_, of_it)));
  ASSERT_EQ(once_more.found.size(), 1u);
  EXPECT_EQ(restore({once_more.found[0].key}).messages, 1u);
}

TEST_F(WholeRecovery, ItsDaysOverAMailboxIsGone) {
  const MailboxKey box = make("Old").key;
  must(remove("Old"));
  change("UPDATE mailboxes SET removed_at = now() - interval '14 days' WHERE removed_at IS NOT NULL");
  EXPECT_TRUE(removed().empty());
  EXPECT_EQ(refusal(await(recovery().restore_mailbox(box))), ErrorKind::not_found);
}

TEST_F(WholeRecovery, ADeletedAccountKeepsItsAddressAndComesBackWhole) {
  const std::string octets = letter("one");
  put(inbox_, octets, flags({SystemFlag::seen}));
  must(await(directory().delete_account(alice_)));
  EXPECT_EQ(refusal(try_create("alice@example.test")), ErrorKind::already_exists);
  EXPECT_EQ(refusal(try_deliver(letter("late"))), ErrorKind::not_found);
  const auto gone = must(await(recovery().deleted_accounts("Example.test")));
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].address, "alice@example.test");
  EXPECT_EQ(gone[0].messages, 1u);
  EXPECT_EQ(gone[0].by, "") << "nobody said";
  EXPECT_EQ(gone[0].kept_until - gone[0].deleted_at, std::chrono::days(14));
  must(await(directory().set_status(alice_, AccountStatus::active)));
  EXPECT_TRUE(must(await(recovery().deleted_accounts("example.test"))).empty());
  EXPECT_EQ(content(inbox_, Uid(1)), octets);
  EXPECT_EQ(flags_of(inbox_, 1), flags({SystemFlag::seen}));
  EXPECT_EQ(refusal(await(recovery().deleted_accounts("nowhere.test"))), ErrorKind::not_found);
}

}  // namespace
}  // namespace postern::tests
