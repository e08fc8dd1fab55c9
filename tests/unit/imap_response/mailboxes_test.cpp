// LIST, LSUB, STATUS, NAMESPACE, FLAGS, SEARCH, ESEARCH as printed.
#include "protocols/imap/response/mailboxes.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

MailboxName name(std::string_view text) {
  return *MailboxName::parse(text);
}

template <class Print, class... Arguments>
std::string printed(Print print, const Arguments&... arguments) {
  std::string out;
  print(out, arguments...);
  return out;
}

TEST(ListResponse, Attributes) {
  ListEntry entry;
  entry.name = name("a");
  EXPECT_EQ(printed(print_list, entry), "* LIST () \"/\" a\r\n");
  entry.has_children = true;
  entry.subscribed = true;
  entry.special_use = SpecialUse::sent;
  EXPECT_EQ(printed(print_list, entry), "* LIST (\\Subscribed \\HasChildren \\Sent) \"/\" a\r\n");
  entry = ListEntry();
  entry.name = name("b c");
  entry.has_children = false;
  entry.non_existent = true;
  entry.child_subscribed = true;
  EXPECT_EQ(
      printed(print_list, entry),
      "* LIST (\\NonExistent \\Noselect \\HasNoChildren) \"/\" \"b c\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n");
}

TEST(ListResponse, OtherShapes) {
  EXPECT_EQ(printed(print_lsub, name("a"), true), "* LSUB (\\Noselect) \"/\" a\r\n");
  EXPECT_EQ(printed(print_lsub, name("\xC3\xA9"), false), "* LSUB () \"/\" &AOk-\r\n");
  EXPECT_EQ(printed(print_list_root), "* LIST (\\Noselect) \"/\" \"\"\r\n");
  EXPECT_EQ(printed(print_namespace), "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
}

TEST(StatusLine, Items) {
  StatusAnswer answer;
  answer.status.messages = 231;
  answer.status.uid_next = Uid{44292};
  answer.status.uid_validity = UidValidity{7};
  answer.status.highest_modseq = ModSeq{9};
  answer.status.unseen = 3;
  answer.status.octets = 1000;
  answer.status.deleted = 2;
  answer.recent = 1;
  const std::vector<StatusItem> items{
      StatusItem::messages, StatusItem::recent,         StatusItem::uid_next, StatusItem::uid_validity,
      StatusItem::unseen,   StatusItem::highest_modseq, StatusItem::size,     StatusItem::deleted};
  EXPECT_EQ(printed(print_status, name("a b"), items, answer),
            "* STATUS \"a b\" (MESSAGES 231 RECENT 1 UIDNEXT 44292 UIDVALIDITY 7 UNSEEN 3 HIGHESTMODSEQ 9 "
            "SIZE 1000 "
            "DELETED 2)\r\n");
}

TEST(FlagsLine, Keywords) {
  EXPECT_EQ(printed(print_flags, std::vector<std::string>{"$Junk"}),
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Junk)\r\n");
}

TEST(SearchLine, Numbers) {
  using Numbers = std::vector<std::uint32_t>;
  const std::optional<ModSeq> none;
  EXPECT_EQ(printed(print_search, Numbers{}, none), "* SEARCH\r\n");
  EXPECT_EQ(printed(print_search, Numbers{2, 3, 6}, none), "* SEARCH 2 3 6\r\n");
  EXPECT_EQ(printed(print_search, Numbers{2}, std::optional(ModSeq{9})), "* SEARCH 2 (MODSEQ 9)\r\n");
  EXPECT_EQ(printed(print_search, Numbers{}, std::optional(ModSeq{9})), "* SEARCH\r\n");
}

TEST(EsearchLine, Options) {
  using Numbers = std::vector<std::uint32_t>;
  SearchAnswer answer;
  answer.tag = "A282";
  answer.returned = {.min = true, .max = true, .all = true, .count = true};
  EXPECT_EQ(printed(print_esearch, answer, Numbers{2, 3, 4, 10}),
            "* ESEARCH (TAG \"A282\") MIN 2 MAX 10 ALL 2:4,10 COUNT 4\r\n");
  answer.uid = true;
  answer.modseq = ModSeq{917};
  EXPECT_EQ(printed(print_esearch, answer, Numbers{}), "* ESEARCH (TAG \"A282\") UID COUNT 0\r\n");
  answer.returned = {.all = true};
  EXPECT_EQ(printed(print_esearch, answer, Numbers{7}), "* ESEARCH (TAG \"A282\") UID ALL 7 MODSEQ 917\r\n");
  EXPECT_EQ(printed(print_esearch, answer, Numbers{}), "* ESEARCH (TAG \"A282\") UID\r\n");
}

}  // namespace
}  // namespace postern::imap
