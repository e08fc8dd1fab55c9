// Several messages at once: all of them are there afterwards, or none.
#include "tests/support/message_fixture.h"

namespace postern::tests {
namespace {

class AppendAll : public MessageFixture {
 protected:
  std::vector<NewStagedMessage> several(std::initializer_list<std::string> subjects) {
    std::vector<NewStagedMessage> all;
    for (const std::string& subject : subjects) {
      NewStagedMessage one;
      one.message = must(await(stage(messages(), alice_, letter(subject))));
      one.with.flags = flags({SystemFlag::seen}, {"$Shared", subject.c_str()});
      all.push_back(std::move(one));
    }
    return all;
  }
};

TEST_F(AppendAll, InTheirOrderWithTheirFlags) {
  must(try_append(inbox_, letter("before")));
  const AppendedAll all = must(await(messages().append_all(inbox_, several({"one", "two", "three"}))));
  EXPECT_EQ(all.uids, UidSet::of(Uid{2}, Uid{4}));
  EXPECT_EQ(all.uid_validity, status(inbox_).uid_validity);
  EXPECT_EQ(all.modseq, status(inbox_).highest_modseq);
  EXPECT_EQ(content(inbox_, Uid{3}), letter("two"));
  const SnapshotPtr now = must(await(messages().snapshot(inbox_)));
  EXPECT_EQ(now->flags(*now->find(Uid{4})), flags({SystemFlag::seen}, {"$Shared", "three"}));
  EXPECT_EQ(status(inbox_).messages, 4u);
  EXPECT_EQ(must(await(messages().append_all(inbox_, several({"alone"})))).uids, UidSet::one(Uid{5}));
}

TEST_F(AppendAll, OrNone) {
  AccountLimits limits;
  limits.quota_messages = 2;
  must(await(directory().set_limits(alice_, limits)));
  EXPECT_EQ(refusal(await(messages().append_all(inbox_, several({"1", "2", "3"})))), ErrorKind::over_quota);
  EXPECT_EQ(status(inbox_).messages, 0u);
  EXPECT_EQ(status(inbox_).uid_next, Uid{1});
  const MailboxKey nowhere{alice_, MailboxId{999'999}};
  EXPECT_EQ(refusal(await(messages().append_all(nowhere, several({"1", "2"})))), ErrorKind::not_found);
  std::vector<NewStagedMessage> many(MessageStore::kAppendedMax + 1);
  EXPECT_EQ(refusal(await(messages().append_all(inbox_, std::move(many)))), ErrorKind::too_large);
}

}  // namespace
}  // namespace postern::tests
