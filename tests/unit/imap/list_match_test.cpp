#include "protocols/imap/list_match.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

MailboxName name(std::string_view text) {
  return *MailboxName::parse(text);
}

std::vector<Mailbox> mailboxes(std::initializer_list<std::string_view> names) {
  std::vector<Mailbox> all;
  for (const std::string_view each : names) {
    Mailbox mailbox;
    mailbox.name = name(each);
    if (each == "Sent") mailbox.special_use = SpecialUse::sent;
    all.push_back(std::move(mailbox));
  }
  return all;
}

List list(std::string pattern) {
  List command;
  command.patterns.push_back(std::move(pattern));
  return command;
}

// Every entry as the LIST response has it, without "* LIST " and the separator.
std::string shown(const std::vector<ListMatch>& matches) {
  std::string out;
  for (const ListMatch& match : matches) print_list(out, match.entry, NameSpelling::modified_utf7);
  return out;
}

TEST(ListMatch, ParentsThatDoNotExistAreShown) {
  EXPECT_EQ(shown(match_list(list("%"), mailboxes({"INBOX", "a/b/c"}), {})),
            "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
            "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" a\r\n");
}

TEST(ListMatch, ChildrenAreFoundBehindNamesThatSortBetween) {
  EXPECT_EQ(shown(match_list(list("a"), mailboxes({"a", "a-b", "a/c"}), {})),
            "* LIST (\\HasChildren) \"/\" a\r\n");
}

TEST(ListMatch, SpecialUseSelects) {
  List command = list("*");
  command.selection.special_use = true;
  EXPECT_EQ(shown(match_list(command, mailboxes({"INBOX", "Sent"}), {})),
            "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n");
}

TEST(ListMatch, SubscriptionsWithoutMailboxes) {
  List command = list("*");
  command.selection.subscribed = true;
  EXPECT_EQ(shown(match_list(command, mailboxes({"INBOX"}), {name("gone")})),
            "* LIST (\\NonExistent \\Noselect \\Subscribed \\HasNoChildren) \"/\" gone\r\n");
}

TEST(ListMatch, RecursiveMatchShowsParentsOfSubscriptions) {
  List command = list("%");
  command.selection.subscribed = command.selection.recursive_match = true;
  EXPECT_EQ(shown(match_list(command, mailboxes({"a", "a/b"}), {name("a/b")})),
            "* LIST (\\HasChildren) \"/\" a (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n");
}

TEST(ListMatch, ASubscriptionMakesNoParent) {
  EXPECT_EQ(shown(match_list(list("%"), mailboxes({"INBOX"}), {name("x/y")})),
            "* LIST (\\HasNoChildren) \"/\" INBOX\r\n");
}

}  // namespace
}  // namespace postern::imap
