// The promises of storage/mailboxes.h.
#include <algorithm>
#include <map>
#include <set>

#include "tests/support/hostile_strings.h"
#include "tests/support/mailbox_fixture.h"

namespace postern::tests {
namespace {

class MailboxContract : public MailboxFixture {};

using Names = std::vector<std::string>;

TEST_F(MailboxContract, CreatesParentsWithRisingValidities) {
  const UidValidity newest = find("Archive").status.uid_validity;
  const Mailbox made = make("a/b/c", SpecialUse::important);
  EXPECT_EQ(made.name.text(), "a/b/c");
  EXPECT_EQ(made.special_use, SpecialUse::important);
  EXPECT_EQ(made.status.uid_next, Uid{1});
  EXPECT_EQ(made.status.messages, 0u);
  const Names expected{"a", "a/b", "a/b/c"};
  EXPECT_EQ(names(), expected);
  EXPECT_EQ(find("a/b").special_use, SpecialUse::none);
  EXPECT_LT(newest, find("a").status.uid_validity);
  EXPECT_LT(find("a").status.uid_validity, find("a/b").status.uid_validity);
  EXPECT_LT(find("a/b").status.uid_validity, made.status.uid_validity);
  EXPECT_EQ(must(await(mailboxes().status(made.key))).uid_validity, made.status.uid_validity);
}

TEST_F(MailboxContract, NameAndRoleAreTakenOnce) {
  make("Work");
  EXPECT_EQ(refusal(try_make("Work")), ErrorKind::already_exists);
  EXPECT_EQ(refusal(try_make("inbox")), ErrorKind::already_exists);
  EXPECT_TRUE(try_make("work")) << "names other than INBOX are told apart by case";
  EXPECT_EQ(refusal(try_make("Sent Items", SpecialUse::sent)), ErrorKind::already_exists);
  EXPECT_EQ(refusal(await(mailboxes().find(alice_, name("Sent Items")))), ErrorKind::not_found);
  must(remove("Sent"));
  EXPECT_EQ(make("Sent Items", SpecialUse::sent).special_use, SpecialUse::sent);
}

TEST_F(MailboxContract, RefusedCreationLeavesNoParents) {
  make("a/b");
  must(remove("a"));
  EXPECT_EQ(refusal(try_make("a/b")), ErrorKind::already_exists);
  EXPECT_EQ(names(), Names{"a/b"});
  EXPECT_EQ(refusal(try_make("x/y", SpecialUse::junk)), ErrorKind::already_exists);
  EXPECT_EQ(names(), Names{"a/b"});
}

TEST_F(MailboxContract, NumberOfMailboxesIsBounded) {
  for (std::uint32_t i = 6; i < kMailboxesMax - 2; ++i) make("m" + std::to_string(i));
  EXPECT_EQ(refusal(try_make("a/b/c")), ErrorKind::too_large) << "parents count";
  EXPECT_EQ(refusal(await(mailboxes().find(alice_, name("a")))), ErrorKind::not_found);
  make("a/b");
  EXPECT_EQ(must(await(mailboxes().list(alice_))).size(), kMailboxesMax);
  EXPECT_EQ(refusal(try_make("c")), ErrorKind::too_large);
  EXPECT_EQ(refusal(rename("m6", "x/m6")), ErrorKind::too_large);
  EXPECT_EQ(refusal(rename("INBOX", "old")), ErrorKind::too_large);
  EXPECT_EQ(find("m6").name.text(), "m6");
  must(remove("m6"));
  make("c");
}

TEST_F(MailboxContract, OfTwinsMadeAtOnceOneIsMade) {
  for (int round = 0; round < 5; ++round) {
    const MailboxName twin = name("twin" + std::to_string(round) + "/child");
    std::vector<Task<Result<Mailbox>>> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(mailboxes().create(alice_, twin, SpecialUse::none));
    std::size_t made = 0;
    for (const auto& result : await_all(std::move(tasks))) {
      made += result ? 1 : 0;
      if (!result) {
        EXPECT_EQ(result.error().kind, ErrorKind::already_exists);
      }
    }
    EXPECT_EQ(made, 1u);
  }
  EXPECT_EQ(names().size(), 10u);
}

TEST_F(MailboxContract, SiblingsMadeAtOnceShareTheParent) {
  std::vector<Task<Result<Mailbox>>> tasks;
  for (int i = 0; i < 8; ++i) {
    tasks.push_back(mailboxes().create(alice_, name("p/c" + std::to_string(i)), SpecialUse::none));
  }
  std::set<UidValidity> validities;
  for (auto& result : await_all(std::move(tasks)))
    validities.insert(must(std::move(result)).status.uid_validity);
  EXPECT_EQ(validities.size(), 8u);
  EXPECT_EQ(names().size(), 9u);
}

TEST_F(MailboxContract, AnothersMailboxesDoNotExist) {
  const AccountId bob = create("bob@example.test").id;
  const Mailbox made = make("Work");
  EXPECT_EQ(refusal(await(mailboxes().find(bob, name("Work")))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(mailboxes().status({bob, made.key.mailbox}))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(mailboxes().remove(bob, name("Work"), Door::imap))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(mailboxes().rename(bob, name("Work"), name("Mine")))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(mailboxes().claim_recent({bob, made.key.mailbox}))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(mailboxes().create(AccountId{999999}, name("a"), SpecialUse::none))),
            ErrorKind::not_found);
  EXPECT_EQ(names(), Names{"Work"});
}

TEST_F(MailboxContract, RemovalFreesNameAndQuotaAtOnce) {
  const Mailbox first = make("Work");
  make("Work/child");
  fill(first.key, 3, 500);
  const Mailbox inbox = find("INBOX");
  fill(inbox.key, 2, 70);
  std::vector<ModSeq> heard;
  const Subscription open = store_->changes().listen(first.key, [&](ModSeq now) { heard.push_back(now); });
  must(remove("Work"));
  EXPECT_EQ(refusal(await(mailboxes().status(first.key))), ErrorKind::not_found);
  EXPECT_EQ(refusal(await(mailboxes().claim_recent(first.key))), ErrorKind::not_found);
  EXPECT_EQ(names(), Names{"Work/child"}) << "children stay";
  const QuotaUsage usage = must(await(directory().quota(alice_)));
  EXPECT_EQ(usage.octets, 70u);
  EXPECT_EQ(usage.messages, 2u);
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_GT(heard[0], first.status.highest_modseq);
  const Mailbox again = make("Work");
  EXPECT_GT(again.status.uid_validity, first.status.uid_validity);
  EXPECT_NE(again.key, first.key);
}

TEST_F(MailboxContract, InboxAndTheUnknownAreNotRemoved) {
  EXPECT_EQ(refusal(remove("inbox")), ErrorKind::denied);
  EXPECT_EQ(refusal(remove("nothing")), ErrorKind::not_found);
  make("once");
  must(remove("once"));
  EXPECT_EQ(refusal(remove("once")), ErrorKind::not_found);
}

TEST_F(MailboxContract, ListAndAccountHearOfChanges) {
  std::size_t rings = 0;
  const Subscription subscription = store_->changes().listen_account(alice_, [&] { ++rings; });
  make("a");
  EXPECT_GT(std::exchange(rings, 0), 0u);
  must(rename("a", "b"));
  EXPECT_GT(std::exchange(rings, 0), 0u);
  must(remove("b"));
  EXPECT_GT(std::exchange(rings, 0), 0u);
}

TEST_F(MailboxContract, SubscriptionsAreNames) {
  const auto subscribe = [&](std::string_view text) {
    return await(mailboxes().subscribe(alice_, name(text)));
  };
  must(subscribe("No/Such/Mailbox"));
  must(subscribe("No/Such/Mailbox"));
  must(await(mailboxes().unsubscribe(alice_, name("Junk"))));
  must(await(mailboxes().unsubscribe(alice_, name("never subscribed"))));
  Names texts;
  for (const MailboxName& each : must(await(mailboxes().subscriptions(alice_)))) texts.push_back(each.text());
  const Names expected{"Archive", "Drafts", "INBOX", "No/Such/Mailbox", "Sent", "Trash"};
  EXPECT_EQ(texts, expected);
  must(remove("Sent"));
  EXPECT_EQ(must(await(mailboxes().subscriptions(alice_))).size(), 6u)
      << "a subscription outlives its mailbox";
  for (std::uint32_t i = 6; i < 2 * kMailboxesMax; ++i) must(subscribe("s" + std::to_string(i)));
  EXPECT_EQ(refusal(subscribe("one too many")), ErrorKind::too_large);
  must(subscribe("INBOX"));
}

TEST_F(MailboxContract, RecentIsClaimedOnce) {
  const MailboxKey inbox = find("INBOX").key;
  const auto claim = [&] { return must(await(mailboxes().claim_recent(inbox))).first; };
  EXPECT_EQ(claim(), Uid{1});
  fill(inbox, 4, 40);
  EXPECT_EQ(claim(), Uid{1});
  EXPECT_EQ(claim(), Uid{5});
  EXPECT_EQ(find("INBOX").status.first_recent, Uid{5});
  fill(inbox, 9, 40);
  EXPECT_EQ(claim(), Uid{5});
  EXPECT_EQ(claim(), Uid{10});
}

TEST_F(MailboxContract, SessionsThatClaimAtOnceShareNothing) {
  const MailboxKey inbox = find("INBOX").key;
  for (int round = 0; round < 10; ++round) {
    const std::uint32_t uid_next = 1 + static_cast<std::uint32_t>(round + 1) * 3;
    fill(inbox, uid_next - 1, 0);
    std::vector<Task<Result<RecentClaim>>> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(mailboxes().claim_recent(inbox));
    std::map<Uid, int> claims;
    for (auto& result : await_all(std::move(tasks))) ++claims[must(std::move(result)).first];
    const std::map<Uid, int> expected{{Uid{uid_next - 3}, 1}, {Uid{uid_next}, 5}};
    EXPECT_EQ(claims, expected);
  }
}

TEST_F(MailboxContract, HostileNamesAreOnlyNames) {
  std::set<std::string> kept;
  std::size_t refused = 0;
  for (const std::string& hostile : hostile_strings()) {
    auto parsed = MailboxName::parse(hostile);
    if (!parsed) {
      ++refused;
      continue;
    }
    const auto found = await(mailboxes().find(alice_, *parsed));
    ASSERT_EQ(refusal(found), parsed->is_inbox() ? std::nullopt : std::optional(ErrorKind::not_found))
        << hostile;
    const bool room = kept.size() < 8 && parsed->ancestors().empty() && !parsed->is_inbox();
    if (room && kept.insert(parsed->text()).second) {
      const Mailbox made = must(await(mailboxes().create(alice_, *parsed, SpecialUse::none)));
      must(await(mailboxes().rename(alice_, *parsed, name("moved/" + parsed->text()))));
      ASSERT_EQ(find("moved/" + parsed->text()).key, made.key);
    }
    must(await(mailboxes().subscribe(alice_, *parsed)));
    must(await(mailboxes().unsubscribe(alice_, *parsed)));
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_EQ(names().size(), 9u) << "eight and their parent";
  EXPECT_EQ(must(await(mailboxes().subscriptions(alice_))).size(), 6u);
}

}  // namespace
}  // namespace postern::tests
