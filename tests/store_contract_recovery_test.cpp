// What has left a mailbox, and how it comes back: messages one by one.
#include "storage/recovery.h"

#include "storage/postgres/purge.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Purge;
using postgres::Statement;

class RecoveryContract : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    purge_ = std::make_unique<Purge>(*database_, settings_.store, Log::silent());
  }
  Recovery& recovery() { return store_->recovery(); }

  RecoveryPage find(RecoveryQuery query = {}) {
    return must(await(recovery().find(alice_, std::move(query))));
  }
  std::vector<std::string> subjects(RecoveryQuery query = {}) {
    std::vector<std::string> all;
    for (const Recoverable& one : find(std::move(query)).found) all.push_back(one.subject);
    return all;
  }
  MailboxKey find_box(std::string_view text) { return MessageFixture::find(text).key; }
  RecoverableKey only_of(const std::string& subject) {
    RecoveryQuery query;
    query.subject = subject;
    return find(std::move(query)).found.at(0).key;
  }
  RecoverableKey only() {
    const RecoveryPage page = find();
    EXPECT_EQ(page.found.size(), 1u);
    return page.found.at(0).key;
  }
  Result<Restored> try_restore(std::vector<RecoverableKey> keys, RestoreTarget target = {}) {
    return await(recovery().restore(alice_, std::move(keys), std::move(target), "admin"));
  }
  Restored restore(std::vector<RecoverableKey> keys, RestoreTarget target = {}) {
    return must(try_restore(std::move(keys), std::move(target)));
  }
  Restored restore_all_of(RecoveryQuery query, RestoreTarget target = {}) {
    return must(await(restore_all(recovery(), alice_, std::move(query), std::move(target), "admin",
                                  [](const Restored&) {})));
  }
  static Restored restored(std::uint64_t messages, std::uint64_t duplicates = 0, std::uint64_t gone = 0) {
    Restored all;
    all.messages = messages;
    all.duplicates = duplicates;
    all.gone = gone;
    return all;
  }
  static RestoreTarget to(std::string_view mailbox) {
    RestoreTarget target;
    target.place = RestorePlace::named;
    target.name = name(mailbox);
    return target;
  }
  void take_out(MailboxKey key, UidSet set, Removal removal = Door::imap) {
    must(await(messages().remove(key, std::move(set), std::move(removal))));
  }
  void change(const std::string& text) { sql(Statement{"", text.c_str()}, postgres::Params()); }
  std::int64_t count(const std::string& table) {
    const std::string text = "SELECT count(*) FROM " + table;
    return sql(Statement{"", text.c_str()}, postgres::Params())[0].get<std::int64_t>(0);
  }
  void keep_what_pop3_deletes() {
    must(await(directory().set_account_feature(alice_, Feature::recovery_for_pop, true)));
  }
  void purge() { must(await(purge_->run_once())); }
  // The only message of a mailbox.
  MessageFacts facts_of_only(MailboxKey key) {
    auto all = must(await(messages().facts(key, snapshot(key)->uids(), FetchDepth::facts)));
    EXPECT_EQ(all.size(), 1u);
    return all.at(0);
  }

  std::unique_ptr<Purge> purge_;
};

TEST_F(RecoveryContract, SaysWhatLeftWhenByWhomAndThroughWhichDoor) {
  put(inbox_, letter("gone"));
  put(inbox_, letter("here"));
  EXPECT_TRUE(find().found.empty());
  take_out(inbox_, uids({1}), Removal(Door::mobile_sync, "PHONE1"));
  const RecoveryPage page = find();
  ASSERT_EQ(page.found.size(), 1u);
  EXPECT_TRUE(page.next.empty());
  const Recoverable& one = page.found[0];
  EXPECT_EQ(one.subject, "gone");
  EXPECT_EQ(one.sender, "Bob <bob@example.test>");
  EXPECT_EQ(one.mailbox, "INBOX");
  EXPECT_FALSE(one.mailbox_removed);
  EXPECT_EQ(one.removal.door, Door::mobile_sync);
  EXPECT_EQ(one.removal.by, "PHONE1");
  EXPECT_EQ(one.size, letter("gone").size());
  EXPECT_EQ(one.kept_until - one.removed_at, std::chrono::days(14));
  EXPECT_EQ(one.key.uid, Uid(1));
}

TEST_F(RecoveryContract, AMessageComesBackWithItsDatesKeywordsAndFlagsButNotDeleted) {
  NewMessage with;
  with.flags = flags({SystemFlag::seen, SystemFlag::flagged, SystemFlag::deleted}, {"$Work", "later"});
  with.internal_date = WallTime(std::chrono::seconds(1'700'000'000));
  with.internal_zone_minutes = 90;
  with.pop3_uidl = "from-elsewhere";
  const std::string octets = letter("kept");
  must(await(append(messages(), inbox_, octets, with)));
  must(await(messages().expunge(inbox_, UidSet::all(), Door::imap)));
  EXPECT_EQ(must(await(directory().quota(alice_))).messages, 0u);
  EXPECT_EQ(restore({only()}), restored(1));

  EXPECT_EQ(content(inbox_, Uid(2)), octets);
  EXPECT_EQ(flags_of(inbox_, 2), flags({SystemFlag::seen, SystemFlag::flagged}, {"$Work", "later"}));
  const MessageFacts facts = facts_of_only(inbox_);
  EXPECT_EQ(facts.internal_date, *with.internal_date);
  EXPECT_EQ(facts.internal_zone_minutes, 90);
  // A POP3 client that knows the old one must load it again.
  EXPECT_EQ(facts.pop3_uidl, "");
  EXPECT_EQ(status(inbox_).messages, 1u);
  EXPECT_EQ(status(inbox_).unseen, 0u);
  EXPECT_EQ(must(await(directory().quota(alice_))).octets, octets.size());
  EXPECT_TRUE(find().found.empty());
}

TEST_F(RecoveryContract, WhoListensToTheMailboxHearsOfIt) {
  put(inbox_, letter("one"));
  take_out(inbox_, uids({1}));
  const RecoverableKey key = only();
  const SnapshotPtr before = snapshot(inbox_);
  ModSeq heard{};
  const Subscription subscription =
      store_->changes().listen(inbox_, [&heard](ModSeq now) { heard = std::max(heard, now); });
  restore({key});
  EXPECT_GT(heard, before->modseq());
  EXPECT_EQ(difference(*before, *snapshot(inbox_)).added, uids({2}));
}

TEST_F(RecoveryContract, WhatAMoveTookAwayHasNotLeft) {
  put(inbox_, letter("moved"));
  must(await(messages().move(inbox_, uids({1}), find_box("Trash"))));
  EXPECT_TRUE(find().found.empty());
  take_out(find_box("Trash"), uids({1}));
  ASSERT_EQ(find().found.size(), 1u);
  EXPECT_EQ(find().found[0].mailbox, "Trash");
}

TEST_F(RecoveryContract, NothingIsRestoredTwice) {
  put(inbox_, letter("one"));
  take_out(inbox_, uids({1}));
  const RecoverableKey key = only();
  EXPECT_EQ(restore({key, key}), restored(1));
  EXPECT_EQ(restore({key}), restored(0, 1));
  EXPECT_EQ(restore({key}, to("elsewhere")), restored(0, 1));
  EXPECT_EQ(status(inbox_).messages, 1u);
  // What was restored may be deleted, and restored, again.
  take_out(inbox_, uids({2}));
  EXPECT_EQ(restore({only()}), restored(1));
  EXPECT_EQ(status(inbox_).messages, 1u);
}

TEST_F(RecoveryContract, WhatTheMailboxHasAsACopyIsADuplicate) {
  put(inbox_, letter("one"));
  put(inbox_, letter("two"));
  const MailboxKey archive = find_box("Archive");
  must(await(messages().copy(inbox_, uids({1}), archive)));
  take_out(inbox_, uids({1, 2}));
  RecoveryQuery everything;
  EXPECT_EQ(restore_all_of(everything, to("Archive")), restored(1, 1));
  EXPECT_EQ(status(archive).messages, 2u);
  // Of two that were copies of each other both come back.
  must(await(messages().copy(archive, uids({1}), archive)));
  take_out(archive, UidSet::all());
  RecoveryQuery from_archive;
  from_archive.mailbox = name("Archive");
  EXPECT_EQ(restore_all_of(from_archive), restored(3));
}

TEST_F(RecoveryContract, ToADatedMailboxOrOneOfAnyName) {
  put(inbox_, letter("one"));
  put(inbox_, letter("two"));
  take_out(inbox_, uids({1}));
  take_out(inbox_, uids({2}));
  const std::vector<Recoverable> found = find().found;
  ASSERT_EQ(found.size(), 2u);
  RestoreTarget dated;
  dated.place = RestorePlace::dated;
  EXPECT_EQ(restore({found[0].key}, dated), restored(1));
  EXPECT_EQ(restore({found[1].key}, to("a/b")), restored(1));
  const std::vector<std::string> all = names();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].substr(0, 11), "Restored 20");
  EXPECT_EQ(all[1], all[0] + "/INBOX");
  EXPECT_EQ(all[3], "a/b");
}

TEST_F(RecoveryContract, SearchesBySenderSubjectMailboxTimeDoorAndWho) {
  const MailboxKey archive = find_box("Archive");
  put(inbox_,
      "From: =?UTF-8?Q?J=C3=B6rg?= <j@example.org>\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nx\r\n");
  put(inbox_, letter("two"));
  put(archive, letter("three"));
  take_out(inbox_, uids({1}), Removal(Door::mobile_sync, "PHONE1"));
  take_out(inbox_, uids({2}));
  take_out(archive, uids({1}), Removal(Door::job, "Trash after 30 days"));
  change("UPDATE expunged SET expunged_at = now() - interval '3 days' WHERE door = 2");

  EXPECT_EQ(subjects(), (std::vector<std::string>{"three", "two",
                                                  "Gr\xC3\xBC\xC3\x9F"
                                                  "e"}));
  const auto with = [](auto set) {
    RecoveryQuery query;
    set(query);
    return query;
  };
  using Subjects = std::vector<std::string>;
  const Subjects greeting{
      "Gr\xC3\xBC\xC3\x9F"
      "e"};
  EXPECT_EQ(subjects(with([](RecoveryQuery& query) { query.sender = "J\xC3\x96RG"; })), greeting);
  EXPECT_EQ(subjects(with([](RecoveryQuery& query) { query.subject = "GR\xC3\x9CSS"; })), greeting);
  EXPECT_EQ(subjects(with([](RecoveryQuery& query) { query.sender = "nobody"; })), Subjects());
  EXPECT_EQ(subjects(with([](RecoveryQuery& query) { query.door = Door::mobile_sync; })), greeting);
  EXPECT_EQ(subjects(with([](RecoveryQuery& query) { query.by = "PHONE1"; })), greeting);
  EXPECT_EQ(subjects(with([](RecoveryQuery& query) { query.by = "Trash after 30 days"; })),
            Subjects{"three"});
  EXPECT_EQ(subjects(with([](RecoveryQuery& query) { query.mailbox = name("Archive"); })), Subjects{"three"});
  const WallTime yesterday = clock_.now() - std::chrono::days(1);
  EXPECT_EQ(subjects(with([&](RecoveryQuery& query) { query.removed_before = yesterday; })), greeting);
  EXPECT_EQ(subjects(with([&](RecoveryQuery& query) { query.removed_since = yesterday; })),
            (Subjects{"three", "two"}));
}

TEST_F(RecoveryContract, PagesNeitherOverlapNorLeaveOut) {
  constexpr int kMany = 300;
  fill_with_mail(inbox_, kMany);
  const MailboxKey box = make("Old").key;
  fill_with_mail(box, 5);
  take_out(inbox_, uids({3}));
  UidSet rest;
  rest.add(Uid(10), Uid(kMany));
  take_out(inbox_, rest);
  must(remove("Old"));
  must(remove("Junk"));  // empty: nothing to look at
  const std::size_t all = 1 + (kMany - 9) + 5;
  for (const std::uint32_t at_a_time : {1u, 7u, 128u, 1000u}) {
    RecoveryQuery query;
    query.count_max = at_a_time;
    std::set<RecoverableKey> seen;
    WallTime before = WallTime::max();
    std::size_t shown = 0;
    do {
      RecoveryPage page = find(query);
      EXPECT_LE(page.found.size(), at_a_time);
      for (const Recoverable& one : page.found) {
        ++shown;
        seen.insert(one.key);
        EXPECT_LE(one.removed_at, before);
        before = one.removed_at;
      }
      query.after = page.next;
    } while (!query.after.empty());
    EXPECT_EQ(shown, all) << at_a_time;
    EXPECT_EQ(seen.size(), all) << at_a_time;
  }
  RecoveryQuery wrong;
  wrong.after = "12.x";
  EXPECT_EQ(refusal(await(recovery().find(alice_, wrong))), ErrorKind::invalid);
  EXPECT_EQ(restore_all_of(RecoveryQuery()), restored(all));
  EXPECT_EQ(status(inbox_).messages, 8u + all - 5);
  EXPECT_EQ(status(find_box("Old")).messages, 5u);
}

TEST_F(RecoveryContract, ManyEmptyRemovalsDoNotStopTheSearch) {
  put(inbox_, letter("old"));
  take_out(inbox_, uids({1}));
  change("UPDATE expunged SET expunged_at = now() - interval '1 day'");
  // More than are read at a time.
  change(
      "INSERT INTO mailboxes (account_id, name, uid_validity, removed_at, removed_by)"
      " SELECT " +
      std::to_string(raw(alice_)) + ", 'empty ' || n, n, now(), 1 FROM generate_series(1, 250) n");
  EXPECT_EQ(subjects(), std::vector<std::string>{"old"});
}

TEST_F(RecoveryContract, ItsDaysOverAMessageIsGone) {
  put(inbox_, letter("one"));
  put(inbox_, letter("two"));
  take_out(inbox_, uids({1}));
  take_out(inbox_, uids({2}));
  const RecoveryPage page = find();
  change("UPDATE expunged SET expunged_at = now() - interval '14 days' WHERE uids = '1'");
  EXPECT_EQ(subjects(), std::vector<std::string>{"two"});
  EXPECT_EQ(restore({page.found[0].key, page.found[1].key}), restored(1, 0, 1));
  change("UPDATE plans SET recovery_days = 0");
  EXPECT_TRUE(find().found.empty());
}

TEST_F(RecoveryContract, AfterThePurgeTheRestoredOneStays) {
  const std::string octets = letter("one");
  put(inbox_, octets);
  take_out(inbox_, uids({1}));
  restore({only()});
  change("UPDATE expunged SET expunged_at = now() - interval '15 days'");
  purge();
  EXPECT_EQ(content(inbox_, Uid(2)), octets);
  EXPECT_EQ(count("recovered"), 1);
  change("UPDATE recovered SET recovered_at = now() - interval '92 days'");
  purge();
  EXPECT_EQ(count("recovered"), 0);
}

TEST_F(RecoveryContract, WhatPop3DeletesIsKeptForThoseWhoHaveThat) {
  put(inbox_, letter("one"));
  put(inbox_, letter("two"));
  take_out(inbox_, uids({1}), Door::pop3);
  EXPECT_TRUE(find().found.empty());
  keep_what_pop3_deletes();
  const RecoverableKey key = only();
  purge();
  EXPECT_EQ(restore({key}), restored(1));
  must(await(directory().set_account_feature(alice_, Feature::recovery_for_pop, false)));
  take_out(inbox_, uids({2}), Door::pop3);
  take_out(inbox_, uids({3}), Door::imap);
  purge();
  EXPECT_EQ(find().found.size(), 1u);
  EXPECT_EQ(count("messages"), 1);
}

TEST_F(RecoveryContract, TheQuotaHolds) {
  put(inbox_, letter("one"));
  put(inbox_, letter("two"));
  take_out(inbox_, uids({1, 2}));
  AccountLimits limits;
  limits.quota_messages = 1;
  must(await(directory().set_limits(alice_, limits)));
  const RecoveryPage page = find();
  EXPECT_EQ(refusal(try_restore({page.found[0].key, page.found[1].key})), ErrorKind::over_quota);
  EXPECT_EQ(status(inbox_).messages, 0u);
  EXPECT_EQ(restore({page.found[1].key}), restored(1));
  EXPECT_EQ(refusal(try_restore({page.found[0].key})), ErrorKind::over_quota);
}

TEST_F(RecoveryContract, KeysThatNameNothingAreGone) {
  put(inbox_, letter("here"));
  put(inbox_, letter("gone"));
  take_out(inbox_, uids({2}));
  RecoverableKey living = only();
  living.uid = Uid(1);
  RecoverableKey of_no_removal = living;
  of_no_removal.removal = ModSeq(0);
  RecoverableKey of_no_mailbox = living;
  of_no_mailbox.mailbox = MailboxId(999'999);
  EXPECT_EQ(restore({living, of_no_removal, of_no_mailbox}), restored(0, 0, 3));
  for (const RecoverableKey& key : {living, of_no_removal, of_no_mailbox}) {
    EXPECT_EQ(refusal(await(recovery().header(alice_, key))), ErrorKind::not_found);
  }
  const AccountId bob = create("bob@example.test").id;
  const RecoverableKey hers = only();
  EXPECT_EQ(must(await(recovery().restore(bob, {hers}, RestoreTarget(), "admin"))), restored(0, 0, 1));
  EXPECT_EQ(refusal(try_restore(std::vector<RecoverableKey>(Recovery::kRestoreMax + 1, hers))),
            ErrorKind::too_large);
}

TEST_F(RecoveryContract, ShowsTheHeaderAndNeverTheBody) {
  put(inbox_, letter("one", "a secret"));
  take_out(inbox_, uids({1}));
  const std::string header = must(await(recovery().header(alice_, only())));
  EXPECT_TRUE(header.starts_with("From: Bob"));
  EXPECT_TRUE(header.ends_with("\r\n\r\n"));
  EXPECT_EQ(header.find("secret"), std::string::npos);
  EXPECT_EQ(status(inbox_).messages, 0u);
  // At the bound.
  const std::string field = "X-Long: " + std::string(Recovery::kHeaderOctetsMax, 'x') + "\r\n";
  put(inbox_, field + letter("two"));
  take_out(inbox_, uids({2}));
  EXPECT_EQ(must(await(recovery().header(alice_, only_of("two")))).size(), Recovery::kHeaderOctetsMax);
}

TEST_F(RecoveryContract, RowsOfAnEarlierReleaseComeBackWithoutFlags) {
  put(inbox_, letter("one"), flags({SystemFlag::seen}));
  take_out(inbox_, uids({1}));
  change("UPDATE expunged SET states = NULL, remover = NULL");
  EXPECT_EQ(restore({only()}), restored(1));
  EXPECT_EQ(flags_of(inbox_, 2), Flags());
  EXPECT_EQ(status(inbox_).unseen, 1u);
}

TEST(RecoverableKeys, AreTextAndBack) {
  RecoverableKey key;
  key.mailbox = MailboxId(17);
  key.removal = ModSeq(4711);
  key.uid = Uid(3);
  EXPECT_EQ(to_text(key), "17-4711-3");
  EXPECT_EQ(*recoverable_key_from("17-4711-3"), key);
  for (const char* wrong : {"", "1-2", "1-2-0", "1-2-4294967296", "1-2-3-4", "a-2-3", "-1-2-3", "1--3",
                            "99999999999999999999-1-1"}) {
    EXPECT_FALSE(recoverable_key_from(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace postern::tests
