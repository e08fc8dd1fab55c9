// NOTIFY: groups, events, and what goes together (RFC 5465 §5, §6.1, §8).
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

using Kind = MailboxFilter::Kind;

TEST(NotifyGrammar, Groups) {
  const Notify notify =
      good(parse_notify,
           "SET STATUS (selected (MessageNew (UID BODY[HEADER.FIELDS (From)]) MessageExpunge)) "
           "(mailboxes (a \"b c\") (flagchange messagenew messageexpunge)) (personal NONE) "
           "(subscribed (MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange))");
  EXPECT_TRUE(notify.status);
  ASSERT_EQ(notify.groups.size(), 4u);
  EXPECT_EQ(notify.groups[0].filter.kind, Kind::selected);
  ASSERT_EQ(notify.groups[0].fetched.size(), 2u);
  EXPECT_TRUE(notify.groups[0].fetched[1].peek) << "news mark nothing as seen";
  EXPECT_EQ(notify.groups[1].events, kMessageEvents);
  EXPECT_EQ(notify.groups[1].filter.names.size(), 2u);
  EXPECT_EQ(notify.groups[2].events, 0);
  EXPECT_TRUE(notify.groups[3].wants(NotifyEvent::mailbox_name) &&
              notify.groups[3].wants(NotifyEvent::server_metadata));
  EXPECT_TRUE(good(parse_notify, "NONE").groups.empty());
  EXPECT_EQ(good(parse_notify, "set (Selected-Delayed (MessageNew MessageExpunge))").groups[0].filter.kind,
            Kind::selected_delayed);
}

TEST(NotifyGrammar, WhatGoesTogether) {
  constexpr std::string_view kPair = "expected MessageNew together with MessageExpunge at octet 5";
  EXPECT_EQ(refusal(parse_notify, "SET (personal (MessageNew))"), kPair);
  EXPECT_EQ(refusal(parse_notify, "SET (personal (MessageExpunge FlagChange))"), kPair);
  EXPECT_EQ(refusal(parse_notify, "SET (personal (FlagChange))"),
            "expected MessageNew together with FlagChange at octet 5");
  EXPECT_EQ(refusal(parse_notify, "SET (selected (MailboxName))"), "expected events of messages at octet 5");
  EXPECT_EQ(refusal(parse_notify, "SET (selected NONE) (selected-delayed NONE)"),
            "expected the selected mailbox once at octet 5");
  EXPECT_EQ(refusal(parse_notify, "SET (personal (MessageNew (UID) MessageExpunge))"),
            "expected items of the selected mailbox alone at octet 26");
}

TEST(NotifyGrammar, EventsThatAreNotKnownAreSyntaxAllTheSame) {
  EXPECT_TRUE(good(parse_notify, "SET (personal (AnnotationChange))").unsupported);
  EXPECT_TRUE(good(parse_notify, "SET (personal (XNew MessageNew))").unsupported);
  EXPECT_FALSE(good(parse_notify, "SET (personal (MailboxName))").unsupported);
}

TEST(NotifyGrammar, Refused) {
  EXPECT_EQ(refusal(parse_notify, "SET"), "expected a space at octet 4");
  EXPECT_EQ(refusal(parse_notify, "SET STATUS"), "expected a space at octet 11");
  EXPECT_EQ(refusal(parse_notify, "ALL"), "expected SET or NONE at octet 1");
  EXPECT_EQ(refusal(parse_notify, "NONE x"), "expected the end of the command at octet 5");
  EXPECT_EQ(refusal(parse_notify, "SET (personal ())"), "expected an event at octet 16");
  EXPECT_EQ(refusal(parse_notify, "SET (subtree-one a NONE)"), "expected a set of mailboxes at octet 6");
  const auto groups = [](std::size_t count) { return "SET" + repeat(" (personal NONE)", count); };
  EXPECT_EQ(refusal(parse_notify, groups(1000)), "accepted");
  EXPECT_EQ(refusal(parse_notify, groups(1001)), "expected at most 1000 groups at octet 16005");
}

}  // namespace
}  // namespace postern::imap
