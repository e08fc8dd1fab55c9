// The promises of MailboxStore::rename (RFC 9051 §6.3.6).
#include <algorithm>

#include "tests/support/mailbox_fixture.h"

namespace postern::tests {
namespace {

using Names = std::vector<std::string>;

class RenameContract : public MailboxFixture {};

TEST_F(RenameContract, TakesChildrenAlongAndKeepsIdentity) {
  const Mailbox parent = make("a", SpecialUse::important);
  const Mailbox child = make("a/b/c", SpecialUse::flagged);
  fill(child.key, 3, 30);
  make("ab");
  make("a b");
  must(rename("a", "x/y"));
  const Names expected{"a b", "ab", "x", "x/y", "x/y/b", "x/y/b/c"};
  EXPECT_EQ(names(), expected);
  EXPECT_EQ(find("x/y").key, parent.key);
  EXPECT_EQ(find("x/y").special_use, SpecialUse::important);
  const Mailbox moved = find("x/y/b/c");
  EXPECT_EQ(moved.key, child.key);
  EXPECT_EQ(moved.special_use, SpecialUse::flagged);
  EXPECT_EQ(moved.status.uid_validity, child.status.uid_validity);
  EXPECT_EQ(moved.status.uid_next, Uid{4});
  EXPECT_EQ(moved.status.messages, 3u);
}

TEST_F(RenameContract, TakesNamesLiterally) {
  for (const char* text : {"a_c/x", "abc/x", "a.c/x", "a\\c/x", "a'c/x"}) make(text);
  must(rename("a_c", "moved"));
  must(rename("a\\c", "moved\\"));
  must(rename("a'c", "moved'"));
  const Names expected{"a.c",    "a.c/x",    "abc",     "abc/x",   "moved",
                       "moved'", "moved'/x", "moved/x", "moved\\", "moved\\/x"};
  EXPECT_EQ(names(), expected);
}

TEST_F(RenameContract, IntoATakenNameChangesNothing) {
  make("a/child");
  make("b");
  make("c/child");
  must(remove("c"));
  const Names before = names();
  EXPECT_EQ(refusal(rename("a", "b")), ErrorKind::already_exists);
  EXPECT_EQ(refusal(rename("a", "Sent")), ErrorKind::already_exists);
  EXPECT_EQ(refusal(rename("a", "inbox")), ErrorKind::already_exists);
  EXPECT_EQ(refusal(rename("a", "a")), ErrorKind::already_exists);
  EXPECT_EQ(refusal(rename("a", "c")), ErrorKind::already_exists) << "a child would land on another's child";
  EXPECT_EQ(names(), before);
}

TEST_F(RenameContract, OfTheUnknownOrBelowItselfIsRefused) {
  make("a/b");
  EXPECT_EQ(refusal(rename("nothing", "x/y")), ErrorKind::not_found);
  EXPECT_EQ(refusal(rename("a", "a/b/c")), ErrorKind::invalid);
  must(remove("a"));
  EXPECT_EQ(refusal(rename("a", "z")), ErrorKind::not_found) << "only its child is left";
  EXPECT_EQ(names(), Names{"a/b"});
}

TEST_F(RenameContract, BeyondTheBoundsOfAChildsNameIsRefused) {
  make("a/" + std::string(255, 'x'));
  const std::string level(255, 'y');
  const std::string deep = level + "/" + level + "/" + level;
  const Names before = names();
  EXPECT_EQ(refusal(rename("a", deep)), ErrorKind::too_large);
  EXPECT_EQ(names(), before);
}

TEST_F(RenameContract, TreeMayMoveIntoItsOwnPlace) {
  const Mailbox inner = make("a/a/a");
  must(remove("a"));
  must(rename("a/a", "a"));
  const Names expected{"a", "a/a"};
  EXPECT_EQ(names(), expected);
  EXPECT_EQ(find("a/a").key, inner.key);
}

TEST_F(RenameContract, OfInboxLeavesANewOneBehind) {
  const Mailbox before = find("INBOX");
  fill(before.key, 5, 100);
  make("INBOX/child");
  must(rename("inbox", "Old/2024"));
  const Mailbox moved = find("Old/2024");
  EXPECT_EQ(moved.key, before.key);
  EXPECT_EQ(moved.status.uid_validity, before.status.uid_validity);
  EXPECT_EQ(moved.status.messages, 5u);
  const Mailbox fresh = find("INBOX");
  EXPECT_NE(fresh.key, before.key);
  EXPECT_GT(fresh.status.uid_validity, before.status.uid_validity);
  EXPECT_EQ(fresh.status.messages, 0u);
  const Names expected{"INBOX/child", "Old", "Old/2024"};
  EXPECT_EQ(names(), expected);
  EXPECT_EQ(must(await(directory().quota(alice_))).octets, 100u);
  must(rename("INBOX", "INBOX/older"));
  EXPECT_EQ(find("INBOX/older").key, fresh.key);
}

TEST_F(RenameContract, OfInboxIntoATakenNameChangesNothing) {
  const Mailbox before = find("INBOX");
  EXPECT_EQ(refusal(rename("INBOX", "Sent")), ErrorKind::already_exists);
  EXPECT_EQ(find("INBOX").key, before.key);
}

TEST_F(RenameContract, OfTwoAtOnceOneWins) {
  for (int round = 0; round < 5; ++round) {
    const std::string target = "target" + std::to_string(round);
    make("a");
    make("b");
    std::vector<Task<Result<void>>> tasks;
    tasks.push_back(mailboxes().rename(alice_, name("a"), name(target)));
    tasks.push_back(mailboxes().rename(alice_, name("b"), name(target)));
    const auto results = await_all(std::move(tasks));
    EXPECT_NE(results[0].has_value(), results[1].has_value());
    must(remove(results[0] ? "b" : "a"));
  }
}

}  // namespace
}  // namespace postern::tests
