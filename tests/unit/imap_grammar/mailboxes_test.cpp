// SELECT, CREATE, RENAME, STATUS and the like; LIST and LSUB.
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

TEST(SelectGrammar, Values) {
  const Select select = good(parse_select, "inbox");
  EXPECT_EQ(select.mailbox.name.text(), "INBOX");
  EXPECT_FALSE(select.read_only);
  EXPECT_FALSE(select.condstore);
  EXPECT_TRUE(good(parse_examine, "{3}\r\na/b").read_only);
  EXPECT_TRUE(good(parse_select, "a (condstore)").condstore);
  EXPECT_TRUE(good(parse_examine, "a (CONDSTORE)").condstore);
}

TEST(SelectGrammar, ImpossibleNamesAreNoSyntaxError) {
  EXPECT_FALSE(good(parse_select, "&AAA").mailbox.existing());
  EXPECT_FALSE(good(parse_select, "\"\"").mailbox.existing());
  EXPECT_FALSE(good(parse_select, "\"a*\"").mailbox.existing());
}

TEST(SelectGrammar, Refused) {
  EXPECT_EQ(refusal(parse_select, ""), "expected a mailbox at octet 1");
  EXPECT_EQ(refusal(parse_select, "a*"), "expected the end of the command at octet 2");
  EXPECT_EQ(refusal(parse_select, "a b"), "expected \"(\" at octet 3");
  EXPECT_EQ(refusal(parse_select, "a (FOO)"), "expected CONDSTORE or QRESYNC at octet 4");
  EXPECT_EQ(refusal(parse_select, "a ()"), "expected CONDSTORE or QRESYNC at octet 4");
}

TEST(SelectGrammar, QuickResynchronisation) {
  const auto resync = [](std::string_view octets) { return *good(parse_select, octets).resync; };
  EXPECT_TRUE(good(parse_select, "INBOX (QRESYNC (67890007 20050715194045000))").condstore);
  const Resync first = resync("INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))");
  EXPECT_EQ(first.uid_validity, UidValidity{67890007});
  EXPECT_EQ(first.since, ModSeq{20050715194045000});
  EXPECT_EQ(first.known, set_of({{41, 41}, {43, 211}, {214, 541}}));
  EXPECT_EQ(resync("INBOX (QRESYNC (1 2))").known, std::nullopt);
  EXPECT_EQ(resync("INBOX (QRESYNC (67890007 90060115194045000 41:211,214:541 (1:3 41:43)))").known,
            set_of({{41, 211}, {214, 541}}));
  EXPECT_EQ(resync("INBOX (QRESYNC (1 2 (1 7)))").known, std::nullopt);
  EXPECT_EQ(refusal(parse_select, "a (QRESYNC)"), "expected a space at octet 11");
  EXPECT_EQ(refusal(parse_select, "a (QRESYNC (0 1))"), "expected a number above zero at octet 13");
  EXPECT_EQ(refusal(parse_select, "a (QRESYNC (1 0))"), "expected a number above zero at octet 15");
  EXPECT_EQ(refusal(parse_select, "a (QRESYNC (1 1 1:*))"), "expected UIDs at octet 17");
  EXPECT_EQ(refusal(parse_select, "a (QRESYNC (1 1 $))"), "expected UIDs at octet 17");
  EXPECT_EQ(refusal(parse_select, "a (QRESYNC (1 1 1 (1)))"), "expected a space at octet 21");
}

TEST(MailboxNames, InUtf8OnceThatIsEnabled) {
  Cursor in("\"\xC3\xA9 &AOk-\"", NameSpelling::utf8);
  EXPECT_EQ(in.mailbox().name.text(), "\xC3\xA9 &AOk-");
  Cursor bad("\"\xC3\"", NameSpelling::utf8);
  EXPECT_FALSE(bad.mailbox().existing());
}

TEST(CreateGrammar, Values) {
  EXPECT_EQ(good(parse_create, "a/b/").mailbox.name.text(), "a/b");
  EXPECT_EQ(good(parse_create, "a (USE (\\Sent))").special_use, SpecialUse::sent);
  EXPECT_EQ(good(parse_create, "a (use ())").special_use, SpecialUse::none);
  EXPECT_FALSE(good(parse_create, "a (USE ())").special_use_refused);
  EXPECT_TRUE(good(parse_create, "a (USE (\\Sent \\Drafts))").special_use_refused);
  EXPECT_TRUE(good(parse_create, "a (USE (\\Unheard))").special_use_refused);
  EXPECT_EQ(refusal(parse_create, "a (USE)"), "expected a space at octet 7");
  EXPECT_EQ(refusal(parse_create, "a (USE (Sent))"), "expected \"\\\" at octet 9");
  EXPECT_EQ(refusal(parse_create, "a ()"), "expected USE at octet 4");
  EXPECT_EQ(refusal(parse_create, "a (USE (\\Sent)"), "expected \")\" at octet 15");
}

TEST(OneMailboxGrammar, Values) {
  EXPECT_EQ(good(parse_delete, "a").mailbox.name.text(), "a");
  EXPECT_EQ(good(parse_subscribe, "\"a b\"").mailbox.name.text(), "a b");
  EXPECT_EQ(good(parse_unsubscribe, "&AOk-").mailbox.name.text(), "\xC3\xA9");
  EXPECT_EQ(refusal(parse_delete, "a "), "expected the end of the command at octet 2");
  EXPECT_EQ(refusal(parse_subscribe, "(a)"), "expected a mailbox at octet 1");
  EXPECT_EQ(refusal(parse_unsubscribe, ""), "expected a mailbox at octet 1");
}

TEST(RenameGrammar, Values) {
  const Rename rename = good(parse_rename, "a b/");
  EXPECT_EQ(rename.from.name.text(), "a");
  EXPECT_EQ(rename.to.name.text(), "b");
  EXPECT_EQ(refusal(parse_rename, "a"), "expected a space at octet 2");
  EXPECT_EQ(refusal(parse_rename, "a b c"), "expected the end of the command at octet 4");
}

TEST(StatusGrammar, Values) {
  EXPECT_EQ(good(parse_status, "a (messages UIDNEXT Messages)").items,
            (std::vector<StatusItem>{StatusItem::messages, StatusItem::uid_next}));
  EXPECT_EQ(good(parse_status, "a (RECENT UIDVALIDITY UNSEEN HIGHESTMODSEQ SIZE DELETED)").items.size(), 6u);
  EXPECT_EQ(refusal(parse_status, "a ()"), "expected a status item at octet 4");
  EXPECT_EQ(refusal(parse_status, "a MESSAGES"), "expected \"(\" at octet 3");
  EXPECT_EQ(refusal(parse_status, "a (FOO)"), "expected a status item at octet 4");
  EXPECT_EQ(refusal(parse_status, "a (MESSAGES " + repeat("MESSAGES ", 1000) + "x)"),
            "expected at most 1000 items at octet 9004");
}

TEST(ListGrammar, Basic) {
  const List list = good(parse_list, "\"\" \"*\"");
  EXPECT_EQ(list.reference, "");
  EXPECT_EQ(list.patterns, std::vector<std::string>{"*"});
  EXPECT_FALSE(list.extended);
  EXPECT_EQ(good(parse_list, "a/ %").patterns, std::vector<std::string>{"%"});
  EXPECT_EQ(good(parse_list, "\"\" Entw&APw-*").patterns, std::vector<std::string>{"Entw\xC3\xBC*"});
  EXPECT_EQ(good(parse_list, "\"\" \"\"").patterns, std::vector<std::string>{""});
  EXPECT_EQ(good(parse_list, "\"\" a&b").patterns, std::vector<std::string>{"a&b"});
}

TEST(ListGrammar, Extended) {
  const List list =
      good(parse_list, "(SUBSCRIBED RECURSIVEMATCH) \"\" (\"a\" b%) RETURN (CHILDREN STATUS (UNSEEN))");
  EXPECT_TRUE(list.extended);
  EXPECT_EQ(list.selection, (List::Selection{.subscribed = true, .recursive_match = true}));
  EXPECT_EQ(list.patterns, (std::vector<std::string>{"a", "b%"}));
  EXPECT_TRUE(list.returned.children);
  EXPECT_EQ(list.returned.status, std::vector<StatusItem>{StatusItem::unseen});
  EXPECT_TRUE(good(parse_list, "() \"\" %").extended);
  EXPECT_TRUE(good(parse_list, "\"\" % RETURN ()").extended);
  EXPECT_TRUE(good(parse_list, "(SPECIAL-USE REMOTE) \"\" %").selection.special_use);
  EXPECT_TRUE(good(parse_list, "\"\" % RETURN (SPECIAL-USE SUBSCRIBED)").returned.special_use);
}

TEST(ListGrammar, Refused) {
  EXPECT_EQ(refusal(parse_list, "\"\""), "expected a space at octet 3");
  EXPECT_EQ(refusal(parse_list, "\"\" ()"), "expected a mailbox pattern at octet 5");
  EXPECT_EQ(refusal(parse_list, "* *"), "expected a reference at octet 1");
  EXPECT_EQ(refusal(parse_list, "(RECURSIVEMATCH) \"\" *"),
            "expected RECURSIVEMATCH together with another selection option at octet 1");
  EXPECT_EQ(refusal(parse_list, "(RECURSIVEMATCH REMOTE) \"\" *"),
            "expected RECURSIVEMATCH together with another selection option at octet 1");
  EXPECT_EQ(refusal(parse_list, "(FOO) \"\" *"), "expected a selection option at octet 2");
  EXPECT_EQ(refusal(parse_list, "\"\" * RETURN (FOO)"), "expected a return option at octet 14");
  EXPECT_EQ(refusal(parse_list, "\"\" * FOO"), "expected RETURN at octet 6");
  EXPECT_EQ(refusal(parse_list, "\"\" * RETURN (STATUS ())"), "expected a status item at octet 22");
  EXPECT_EQ(refusal(parse_list, "\"\" (a" + repeat(" a", 1000) + ")"),
            "expected at most 1000 items at octet 2005");
}

TEST(LsubGrammar, Values) {
  EXPECT_EQ(good(parse_lsub, "a/ %").reference, "a/");
  EXPECT_EQ(good(parse_lsub, "\"\" %").pattern, "%");
  EXPECT_EQ(refusal(parse_lsub, "\"\" (a)"), "expected a mailbox pattern at octet 4");
  EXPECT_EQ(refusal(parse_lsub, "\"\" a b"), "expected the end of the command at octet 5");
}

}  // namespace
}  // namespace postern::imap
