// Flags, expunge, copy, move, snapshots: laws 1, 2, 7, 8 as one session sees them.
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

class MessageStates : public MessageFixture {};

TEST_F(MessageStates, FlagsAreReplacedAddedAndRemoved) {
  fill_with_mail(inbox_, 3);
  const ModSeq before = status(inbox_).highest_modseq;
  const auto added =
      must(store(inbox_, uids({1, 3}), FlagChangeMode::add, flags({SystemFlag::seen}, {"a", "b"})));
  EXPECT_EQ(added.changed, uids({1, 3}));
  EXPECT_EQ(added.modseq, ModSeq(raw(before) + 1));
  EXPECT_EQ(status(inbox_).highest_modseq, added.modseq);
  EXPECT_EQ(flags_of(inbox_, 3), flags({SystemFlag::seen}, {"a", "b"}));
  EXPECT_EQ(flags_of(inbox_, 2), Flags());
  EXPECT_EQ(snapshot(inbox_)->find(Uid(3))->modseq, added.modseq);
  EXPECT_EQ(snapshot(inbox_)->find(Uid(2))->modseq, ModSeq(raw(before) - 1));

  must(store(inbox_, uids({3}), FlagChangeMode::remove,
             flags({SystemFlag::seen, SystemFlag::draft}, {"B", "unheard"})));
  EXPECT_EQ(flags_of(inbox_, 3), flags({}, {"a"}));
  must(store(inbox_, uids({1}), FlagChangeMode::replace, flags({SystemFlag::flagged}, {"c"})));
  EXPECT_EQ(flags_of(inbox_, 1), flags({SystemFlag::flagged}, {"c"}));
  must(store(inbox_, uids({1}), FlagChangeMode::replace, Flags()));
  EXPECT_EQ(flags_of(inbox_, 1), Flags());
  EXPECT_EQ(status(inbox_).unseen, 3u);
}

TEST_F(MessageStates, WhatChangesNothingTakesNoModseq) {
  fill_with_mail(inbox_, 2);
  must(store(inbox_, uids({1}), FlagChangeMode::add, flags({SystemFlag::deleted}, {"k"})));
  const ModSeq before = status(inbox_).highest_modseq;
  const auto same =
      must(store(inbox_, uids({1, 9}), FlagChangeMode::add, flags({SystemFlag::deleted}, {"K"})));
  EXPECT_TRUE(same.changed.empty());
  EXPECT_EQ(same.unchanged, uids({1}));
  EXPECT_TRUE(must(store(inbox_, uids({7}), FlagChangeMode::add, flags({SystemFlag::seen}))).changed.empty());
  EXPECT_TRUE(must(store(inbox_, UidSet(), FlagChangeMode::add, flags({SystemFlag::seen}))).changed.empty());
  EXPECT_TRUE(must(await(messages().expunge(inbox_, uids({2}), Door::imap))).uids.empty());
  EXPECT_EQ(status(inbox_).highest_modseq, before);
}

TEST_F(MessageStates, UnchangedSinceRefusesWhatWasModifiedLater) {
  fill_with_mail(inbox_, 3);
  const ModSeq seen = snapshot(inbox_)->modseq();
  must(store(inbox_, uids({2}), FlagChangeMode::add, flags({SystemFlag::flagged})));
  const auto result =
      must(store(inbox_, uids({1, 2, 3}), FlagChangeMode::add, flags({SystemFlag::seen}), seen));
  EXPECT_EQ(result.changed, uids({1, 3}));
  EXPECT_EQ(result.refused, uids({2}));
  EXPECT_EQ(flags_of(inbox_, 2), flags({SystemFlag::flagged}));
}

TEST_F(MessageStates, TwoHundredKeywordsAndNotOneMore) {
  fill_with_mail(inbox_, 1);
  Flags all;
  for (int i = 0; i < 200; ++i) all.add_keyword("k" + std::to_string(i));
  must(store(inbox_, uids({1}), FlagChangeMode::replace, all));
  EXPECT_EQ(flags_of(inbox_, 1), all);
  EXPECT_EQ(refusal(store(inbox_, uids({1}), FlagChangeMode::add, flags({}, {"more"}))),
            ErrorKind::too_large);
  EXPECT_EQ(refusal(try_append(inbox_, "x", flags({}, {"more"}))), ErrorKind::too_large);
  EXPECT_TRUE(store(inbox_, uids({1}), FlagChangeMode::add, flags({}, {"K7"})));
  EXPECT_EQ(snapshot(inbox_)->keywords().names().size(), 200u);
}

TEST_F(MessageStates, ExpungeTakesWhatIsDeletedAndTheLogRemembers) {
  fill_with_mail(inbox_, 300);
  must(store(inbox_, uids({1, 5, 130, 299}), FlagChangeMode::add,
             flags({SystemFlag::deleted, SystemFlag::seen})));
  const SnapshotPtr before = snapshot(inbox_);
  const auto first = must(await(messages().expunge(inbox_, uids({1, 5, 6}), Door::imap)));
  EXPECT_EQ(first.uids, uids({1, 5}));
  const auto second = must(await(messages().expunge(inbox_, UidSet::all(), Door::imap)));
  EXPECT_EQ(second.uids, uids({130, 299}));
  EXPECT_GT(second.modseq, first.modseq);
  EXPECT_EQ(snapshot(inbox_)->size(), 296u);
  EXPECT_EQ(snapshot(inbox_)->find(Uid(130)), nullptr);
  EXPECT_EQ(must(await(messages().vanished_since(inbox_, before->modseq()))), uids({1, 5, 130, 299}));
  EXPECT_EQ(must(await(messages().vanished_since(inbox_, first.modseq))), uids({130, 299}));
  EXPECT_TRUE(must(await(messages().vanished_since(inbox_, second.modseq))).empty());
  EXPECT_EQ(status(inbox_).deleted, 0u);
  EXPECT_EQ(difference(*before, *snapshot(inbox_)).vanished, uids({1, 5, 130, 299}));
}

TEST_F(MessageStates, UidsAreNotUsedAgain) {
  fill_with_mail(inbox_, 3);
  must(await(messages().remove(inbox_, UidSet::all(), Door::pop3)));
  EXPECT_EQ(snapshot(inbox_)->size(), 0u);
  EXPECT_EQ(put(inbox_, letter("next")).uid, Uid(4));
}

TEST_F(MessageStates, AnEmptiedPageIsSeenByAnotherProcess) {
  fill_with_mail(inbox_, 260);
  auto other = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  const SnapshotPtr before = must(await(other->messages().snapshot(inbox_)));
  UidSet page;
  page.add(Uid(128), Uid(255));
  must(await(messages().remove(inbox_, page, Door::imap)));
  const SnapshotPtr after = must(await(other->messages().snapshot(inbox_)));
  EXPECT_EQ(difference(*before, *after).vanished, page);
  EXPECT_EQ(after->size(), 132u);
  await(other->close());
}

TEST_F(MessageStates, SnapshotsShareWhatDidNotChange) {
  fill_with_mail(inbox_, 400);
  const SnapshotPtr before = snapshot(inbox_);
  EXPECT_EQ(snapshot(inbox_), before);
  must(store(inbox_, uids({200}), FlagChangeMode::add, flags({SystemFlag::seen}, {"new"})));
  const SnapshotPtr after = snapshot(inbox_);
  ASSERT_EQ(after->pages().size(), 4u);
  EXPECT_EQ(after->pages()[0], before->pages()[0]);
  EXPECT_NE(after->pages()[1], before->pages()[1]);
  EXPECT_EQ(after->pages()[2], before->pages()[2]);
  EXPECT_EQ(difference(*before, *after).updated, uids({200}));
  // Another process loads the same.
  auto other = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  const SnapshotPtr theirs = must(await(other->messages().snapshot(inbox_)));
  EXPECT_EQ(theirs->flags(*theirs->find(Uid(200))), flags({SystemFlag::seen}, {"new"}));
  must(await(append(other->messages(), inbox_, letter("tail"), NewMessage())));
  EXPECT_EQ(snapshot(inbox_)->pages()[1], after->pages()[1]);
  EXPECT_EQ(snapshot(inbox_)->size(), 401u);
  await(other->close());
}

TEST_F(MessageStates, AClaimOfRecentShowsInTheSnapshot) {
  fill_with_mail(inbox_, 2);
  EXPECT_EQ(snapshot(inbox_)->status().first_recent, Uid(1));
  must(await(mailboxes().claim_recent(inbox_)));
  EXPECT_EQ(snapshot(inbox_)->status().first_recent, Uid(3));
}

Task<Result<FlagsStored>> flag(MessageStore& messages, MailboxKey key, Uid uid, std::string keyword) {
  FlagChange change;
  change.mode = FlagChangeMode::add;
  change.flags.set(SystemFlag::flagged).add_keyword(std::move(keyword));
  co_return co_await messages.store_flags(key, UidSet::one(uid), std::move(change), std::nullopt);
}

// Each round of theirs has one winner: those who lose too often take the row's lock.
TEST_F(MessageStates, FiftyWritersOfOneMailboxAllSucceed) {
  fill_with_mail(inbox_, 50);
  auto other = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  const ModSeq before = status(inbox_).highest_modseq;
  std::vector<Task<Result<FlagsStored>>> tasks;
  for (std::uint32_t uid = 1; uid <= 50; ++uid) {
    MessageStore& through = uid % 2 == 0 ? messages() : other->messages();
    tasks.push_back(flag(through, inbox_, Uid(uid), "k" + std::to_string(uid % 10)));
  }
  for (auto& result : await_all(std::move(tasks))) EXPECT_EQ(must(std::move(result)).changed.size(), 1u);
  EXPECT_EQ(raw(status(inbox_).highest_modseq), raw(before) + 50);
  for (std::uint32_t uid = 1; uid <= 50; ++uid) {
    Flags expected = flags({SystemFlag::flagged});
    expected.add_keyword("k" + std::to_string(uid % 10));
    EXPECT_EQ(flags_of(inbox_, uid), expected);
  }
  await(other->close());
}

TEST_F(MessageStates, CopyKeepsFactsAndStateAndSharesOctets) {
  NewMessage with;
  with.flags = flags({SystemFlag::seen, SystemFlag::deleted}, {"one", "two"});
  with.internal_date = WallTime(std::chrono::microseconds(1'500'000'000'000'000));
  with.internal_zone_minutes = 60;
  with.pop3_uidl = "u1";
  put(inbox_, letter("other"));
  must(await(append(messages(), inbox_, letter("mine"), with)));
  const MailboxKey target = make("Target").key;
  put(target, letter("already"), flags({}, {"two", "zero"}));  // numbers differ between the mailboxes
  const Copied copied = must(await(messages().copy(inbox_, uids({1, 2, 99}), target)));
  EXPECT_EQ(copied.from, (std::vector<Uid>{Uid(1), Uid(2)}));
  EXPECT_EQ(copied.to, (std::vector<Uid>{Uid(2), Uid(3)}));
  EXPECT_EQ(copied.uid_validity, status(target).uid_validity);
  EXPECT_EQ(copied.target_modseq, status(target).highest_modseq);
  EXPECT_EQ(flags_of(target, 3), with.flags);
  const auto source = must(await(messages().facts(inbox_, uids({2}), FetchDepth::facts)));
  const auto copy = must(await(messages().facts(target, uids({3}), FetchDepth::facts)));
  EXPECT_EQ(copy.at(0).blob, source.at(0).blob);
  EXPECT_EQ(copy.at(0).internal_date, *with.internal_date);
  EXPECT_EQ(copy.at(0).internal_zone_minutes, 60);
  EXPECT_EQ(copy.at(0).size, source.at(0).size);
  EXPECT_EQ(copy.at(0).pop3_uidl, "");
  EXPECT_EQ(content(target, Uid(3)), letter("mine"));
  EXPECT_EQ(snapshot(inbox_)->size(), 2u);
}

TEST_F(MessageStates, CopyIntoTheSameMailboxAndOfNothing) {
  fill_with_mail(inbox_, 130);
  const Copied copied = must(await(messages().copy(inbox_, uids({1, 2}), inbox_)));
  EXPECT_EQ(copied.to, (std::vector<Uid>{Uid(131), Uid(132)}));
  const ModSeq before = status(inbox_).highest_modseq;
  const Copied nothing = must(await(messages().copy(inbox_, uids({900}), inbox_)));
  EXPECT_TRUE(nothing.from.empty());
  EXPECT_EQ(nothing.uid_validity, copied.uid_validity);
  EXPECT_EQ(status(inbox_).highest_modseq, before);
}

TEST_F(MessageStates, CopyIsAllOrNothingUnderQuota) {
  fill_with_mail(inbox_, 3);
  AccountLimits limits;
  limits.quota_octets = must(await(directory().quota(alice_))).octets + letter("no 1").size() * 2;
  must(await(directory().set_limits(alice_, limits)));
  const MailboxKey target = make("Target").key;
  EXPECT_EQ(refusal(await(messages().copy(inbox_, UidSet::all(), target))), ErrorKind::over_quota);
  EXPECT_EQ(snapshot(target)->size(), 0u);
  EXPECT_TRUE(await(messages().copy(inbox_, uids({1, 2}), target)));
  // MOVE inside an account needs no room.
  EXPECT_TRUE(await(messages().move(inbox_, uids({3}), target)));
}

TEST_F(MessageStates, MoveLeavesTheSourceAndKeepsTheUidl) {
  fill_with_mail(inbox_, 200);
  NewMessage with;
  with.pop3_uidl = "kept";
  must(await(append(messages(), inbox_, letter("l"), with)));
  const MailboxKey target = make("Target").key;
  const SnapshotPtr before = snapshot(inbox_);
  const Copied moved = must(await(messages().move(inbox_, uids({3, 150, 201}), target)));
  EXPECT_EQ(moved.source_modseq, status(inbox_).highest_modseq);
  EXPECT_EQ(difference(*before, *snapshot(inbox_)).vanished, uids({3, 150, 201}));
  EXPECT_EQ(must(await(messages().vanished_since(inbox_, before->modseq()))), uids({3, 150, 201}));
  EXPECT_EQ(must(await(messages().facts(target, uids({3}), FetchDepth::facts))).at(0).pop3_uidl, "kept");
  EXPECT_EQ(content(target, Uid(2)), letter("no 150"));
  EXPECT_EQ(status(inbox_).unseen, 198u);
}

TEST_F(MessageStates, MoveInsideAMailboxGivesNewUids) {
  fill_with_mail(inbox_, 3);
  const SnapshotPtr before = snapshot(inbox_);
  const Copied moved = must(await(messages().move(inbox_, uids({1, 2}), inbox_)));
  EXPECT_EQ(moved.to, (std::vector<Uid>{Uid(4), Uid(5)}));
  const SnapshotPtr after = snapshot(inbox_);
  EXPECT_EQ(after->modseq(), moved.target_modseq);
  const auto changes = difference(*before, *after);
  EXPECT_EQ(changes.vanished, uids({1, 2}));
  EXPECT_EQ(changes.added, uids({4, 5}));
  EXPECT_EQ(status(inbox_).messages, 3u);
}

TEST_F(MessageStates, AnotherAccountGetsItsOwnOctets) {
  const AccountId carol = create("carol@example.test").id;
  const MailboxKey carols = must(await(mailboxes().find(carol, MailboxName::inbox()))).key;
  const std::string large = noise(2 * kChunkOctets + 1);
  put(inbox_, large, flags({SystemFlag::flagged}, {"k"}));
  put(inbox_, letter("small"));
  must(await(messages().copy(inbox_, uids({1}), inbox_)));
  const Copied copied = must(await(messages().copy(inbox_, UidSet::all(), carols)));
  EXPECT_EQ(copied.to.size(), 3u);
  const auto facts = must(await(messages().facts(carols, uids({1, 2, 3}), FetchDepth::facts)));
  EXPECT_EQ(facts.at(0).blob, facts.at(2).blob);
  EXPECT_TRUE(content(carols, Uid(3)) == large);
  EXPECT_EQ(flags_of(carols, 1), flags({SystemFlag::flagged}, {"k"}));
  must(await(messages().move(carols, uids({1}), inbox_)));
  EXPECT_TRUE(content(inbox_, Uid(4)) == large);
  expect_no_drift(carol);
}

TEST_F(MessageStates, EveryChangeRingsAfterItCanBeRead) {
  std::vector<ModSeq> heard;
  const Subscription subscription =
      store_->changes().listen(inbox_, [&heard](ModSeq now) { heard.push_back(now); });
  const Appended appended = must(try_deliver(letter("ring")));
  const auto stored = must(store(inbox_, uids({1}), FlagChangeMode::add, flags({SystemFlag::deleted})));
  const auto expunged = must(await(messages().expunge(inbox_, UidSet::all(), Door::imap)));
  EXPECT_EQ(heard, (std::vector<ModSeq>{appended.modseq, stored.modseq, expunged.modseq}));
}

}  // namespace
}  // namespace postern::tests
