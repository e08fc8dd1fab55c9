// Writers start from what is in memory: what they answer must be what the database held all the same, and a
// transfer inside an account takes one statement (law 8).
#include "storage/postgres/transfer_at_once.h"
#include "storage/postgres/write_keys.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::TransferAtOnce;
using postgres::TransferPlan;

class MemoryOfMailboxes : public MessageFixture {
 protected:
  void SetUp() override {
    MessageFixture::SetUp();
    fill_with_mail(inbox_, 4);
    known_ = snapshot(inbox_);  // in the memory of our store, and old as soon as another one writes
    other_ = postgres::open_store(loop_, conninfo_, settings_, clock_, Log::silent());
  }
  void TearDown() override {
    await(other_->close());
    MessageFixture::TearDown();
  }
  FlagsStored elsewhere(std::uint32_t uid, FlagChangeMode mode, SystemFlag flag) {
    FlagChange change;
    change.mode = mode;
    change.flags.set(flag);
    return must(await(other_->messages().store_flags(inbox_, uids({uid}), std::move(change), std::nullopt)));
  }
  Result<bool> at_once(TransferAtOnce& transfer) { return await(transfer.run()); }
  TransferPlan plan(MailboxKey to, bool move) {
    TransferPlan plan;
    plan.from = inbox_;
    plan.to = to;
    plan.uids = uids({2, 3});
    plan.move = move;
    plan.key = postgres::random_write_key();
    plan.save_date = clock_.now();
    return plan;
  }

  SnapshotPtr known_;
  std::unique_ptr<Store> other_;
};

TEST_F(MemoryOfMailboxes, AChangeThatSeemsNeedlessIsMade) {
  elsewhere(1, FlagChangeMode::add, SystemFlag::flagged);
  const FlagsStored stored =
      must(store(inbox_, uids({1}), FlagChangeMode::remove, flags({SystemFlag::flagged})));
  EXPECT_EQ(stored.changed, uids({1}));
  EXPECT_EQ(flags_of(inbox_, 1), flags({}));
}

TEST_F(MemoryOfMailboxes, AChangeThatSeemsNeededIsNotMadeTwice) {
  const FlagsStored theirs = elsewhere(1, FlagChangeMode::add, SystemFlag::seen);
  const FlagsStored stored = must(store(inbox_, uids({1}), FlagChangeMode::add, flags({SystemFlag::seen})));
  EXPECT_EQ(stored.unchanged, uids({1}));
  EXPECT_EQ(stored.modseq, theirs.modseq);
  EXPECT_EQ(status(inbox_).unseen, 3u);
}

TEST_F(MemoryOfMailboxes, UnchangedSinceLooksAtTheMailboxOfNow) {
  elsewhere(1, FlagChangeMode::add, SystemFlag::answered);
  const FlagsStored stored =
      must(store(inbox_, uids({1, 2}), FlagChangeMode::add, flags({SystemFlag::seen}), known_->modseq()));
  EXPECT_EQ(stored.refused, uids({1}));
  EXPECT_EQ(stored.changed, uids({2}));
}

TEST_F(MemoryOfMailboxes, WhatWasDeletedElsewhereIsExpunged) {
  elsewhere(4, FlagChangeMode::add, SystemFlag::deleted);
  const Expunged expunged = must(await(messages().expunge(inbox_, UidSet::all(), Door::imap)));
  EXPECT_EQ(expunged.uids, uids({4}));
}

TEST_F(MemoryOfMailboxes, CopiesCarryTheFlagsOfNow) {
  elsewhere(3, FlagChangeMode::add, SystemFlag::answered);
  const MailboxKey target = make("Target").key;
  must(await(messages().copy(inbox_, uids({3}), target)));
  EXPECT_EQ(flags_of(target, 1), flags({SystemFlag::answered}));
}

TEST_F(MemoryOfMailboxes, AKeywordGivenElsewhereIsTakenAway) {
  FlagChange change;
  change.mode = FlagChangeMode::add;
  change.flags.add_keyword("theirs");
  must(await(other_->messages().store_flags(inbox_, uids({1}), change, std::nullopt)));
  must(store(inbox_, uids({1}), FlagChangeMode::remove, flags({}, {"theirs"})));
  EXPECT_EQ(flags_of(inbox_, 1), flags({}));
}

TEST_F(MemoryOfMailboxes, AStateThatReachesFarEnoughNeedsNoQuestion) {
  const FlagsStored theirs = elsewhere(1, FlagChangeMode::add, SystemFlag::seen);
  EXPECT_EQ(must(await(messages().snapshot_reaching(inbox_, known_->modseq()))), known_);
  EXPECT_EQ(must(await(messages().snapshot_reaching(inbox_, theirs.modseq)))->modseq(), theirs.modseq);
}

TEST_F(MemoryOfMailboxes, TheInboxIsFoundByItsName) {
  EXPECT_EQ(must(await(messages().inbox_snapshot(alice_)))->size(), 4u);
  elsewhere(1, FlagChangeMode::add, SystemFlag::seen);
  const SnapshotPtr now = must(await(messages().inbox_snapshot(alice_)));
  EXPECT_TRUE(now->find(Uid(1))->has(SystemFlag::seen));
  EXPECT_EQ(must(await(messages().inbox_snapshot(alice_))), now);
  must(await(mailboxes().rename(alice_, MailboxName::inbox(), name("Old"))));
  const SnapshotPtr renewed = must(await(messages().inbox_snapshot(alice_)));
  EXPECT_NE(renewed->key(), inbox_);
  EXPECT_EQ(renewed->size(), 0u);
  EXPECT_EQ(refusal(await(messages().inbox_snapshot(AccountId(987'654)))), ErrorKind::not_found);
}

TEST_F(MemoryOfMailboxes, ACopyIsOneStatement) {
  const MailboxKey target = make("Target").key;
  fill_with_mail(target, 126);
  TransferAtOnce copy(*database_, plan(target, false), known_);
  EXPECT_TRUE(must(at_once(copy)));
  EXPECT_EQ(copy.outcome().from, (std::vector<Uid>{Uid(2), Uid(3)}));
  EXPECT_EQ(copy.outcome().to, (std::vector<Uid>{Uid(127), Uid(128)})) << "on two pages";
  EXPECT_EQ(copy.outcome().target_modseq, status(target).highest_modseq);
  EXPECT_EQ(copy.outcome().uid_validity, status(target).uid_validity);
  EXPECT_EQ(snapshot(target)->size(), 128u);
  EXPECT_EQ(content(target, Uid(128)), letter("no 3"));
  EXPECT_EQ(snapshot(inbox_), known_);
}

TEST_F(MemoryOfMailboxes, AMoveIsOneStatement) {
  const MailboxKey target = make("Target").key;
  TransferAtOnce move(*database_, plan(target, true), known_);
  EXPECT_TRUE(must(at_once(move)));
  const SnapshotPtr after = snapshot(inbox_);
  EXPECT_EQ(after->modseq(), move.outcome().source_modseq);
  EXPECT_EQ(after->uids(), move.source_after()->uids());
  EXPECT_EQ(difference(*known_, *after).vanished, uids({2, 3}));
  EXPECT_EQ(must(await(messages().vanished_since(inbox_, known_->modseq()))), uids({2, 3}));
  EXPECT_EQ(status(inbox_).unseen, 2u);
  EXPECT_EQ(status(target).unseen, 2u);
}

TEST_F(MemoryOfMailboxes, NothingIsTransferredAtOnceFromAnOldState) {
  elsewhere(1, FlagChangeMode::add, SystemFlag::seen);
  const MailboxKey target = make("Target").key;
  for (const bool move : {false, true}) {
    TransferAtOnce transfer(*database_, plan(target, move), known_);
    EXPECT_FALSE(must(at_once(transfer)));
  }
  EXPECT_EQ(status(target).uid_next, Uid(1));
  EXPECT_EQ(snapshot(inbox_)->size(), 4u);
}

TEST_F(MemoryOfMailboxes, NothingIsTransferredAtOnceBeyondTheQuota) {
  AccountLimits limits;
  limits.quota_octets = must(await(directory().quota(alice_))).octets + letter("no 1").size();
  must(await(directory().set_limits(alice_, limits)));
  const MailboxKey target = make("Target").key;
  TransferAtOnce copy(*database_, plan(target, false), known_);
  EXPECT_FALSE(must(at_once(copy)));
  EXPECT_EQ(status(target).messages, 0u);
  TransferAtOnce move(*database_, plan(target, true), known_);
  EXPECT_TRUE(must(at_once(move))) << "MOVE needs no room";
}

}  // namespace
}  // namespace postern::tests
