// What is attached to a follow-up flag: it stays with the message, and others hear that it changed.
#include "storage/postgres/purge.h"
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

using postgres::Params;
using postgres::Statement;

class FollowUpContract : public MessageFixture {
 protected:
  std::vector<FollowUp> attached_to(MailboxKey mailbox, UidSet set) {
    return must(await(messages().follow_ups(mailbox, std::move(set))));
  }
  Result<ModSeq> attach(MailboxKey mailbox, std::vector<FollowUp> follow_ups) {
    return await(messages().attach_follow_ups(mailbox, std::move(follow_ups)));
  }
  std::int64_t rows() {
    static constexpr Statement kCount{"test_count_follow_ups", "SELECT count(*) FROM follow_ups"};
    return sql(kCount, Params())[0].get<std::int64_t>(0);
  }
};

using Attached = std::vector<FollowUp>;

TEST_F(FollowUpContract, IsReplacedAndTakenAwayAndGivesANewModseq) {
  fill_with_mail(inbox_, 3);
  const ModSeq before = status(inbox_).highest_modseq;
  const std::string octets("any\0octets", 10);
  const ModSeq after = must(attach(inbox_, {{Uid(1), octets}, {Uid(3), "three"}, {Uid(9), "nobody's"}}));
  EXPECT_GT(after, before);
  EXPECT_EQ(status(inbox_).highest_modseq, after);
  EXPECT_EQ(snapshot(inbox_)->find(Uid(3))->modseq, after);
  EXPECT_LE(snapshot(inbox_)->find(Uid(2))->modseq, before);
  EXPECT_EQ(attached_to(inbox_, uids({1, 2, 9})), (Attached{{Uid(1), octets}}));
  EXPECT_TRUE(attached_to(inbox_, UidSet()).empty());

  must(attach(inbox_, {{Uid(1), ""}, {Uid(3), "later"}}));
  EXPECT_EQ(attached_to(inbox_, uids({1, 2, 3})), (Attached{{Uid(3), "later"}}));
}

TEST_F(FollowUpContract, GoesWhereTheMessageGoesAndEndsWithIt) {
  fill_with_mail(inbox_, 1);
  const MailboxKey archive = find("Archive").key;
  must(attach(inbox_, {{Uid(1), "details"}}));
  must(await(messages().copy(inbox_, uids({1}), archive)));
  must(await(messages().move(archive, uids({1}), inbox_)));
  EXPECT_EQ(attached_to(inbox_, uids({2})), (Attached{{Uid(2), "details"}}));

  must(await(messages().remove(inbox_, uids({1, 2}), Door::imap)));
  static constexpr Statement kAge{"test_age_expunged",
                                  "UPDATE expunged SET expunged_at = expunged_at - interval '90 days'"};
  sql(kAge, Params());
  EXPECT_EQ(rows(), 1);
  postgres::Purge purge(*database_, settings_.store, Log::silent());
  must(await(purge.run_once()));
  EXPECT_EQ(rows(), 0);
}

TEST_F(FollowUpContract, HasABoundAndAMailbox) {
  fill_with_mail(inbox_, 1);
  EXPECT_TRUE(attach(inbox_, {{Uid(1), std::string(kFollowUpOctetsMax, 'x')}}));
  EXPECT_EQ(refusal(attach(inbox_, {{Uid(1), std::string(kFollowUpOctetsMax + 1, 'x')}})),
            ErrorKind::too_large);
  EXPECT_EQ(refusal(attach(MailboxKey{alice_, MailboxId(999)}, {{Uid(1), "x"}})), ErrorKind::not_found);
}

}  // namespace
}  // namespace postern::tests
