// LIST, LSUB, STATUS, NAMESPACE, FLAGS, SEARCH, ESEARCH as printed.
#include "protocols/imap/response/mailboxes.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

MailboxName name(std::string_view text) {
  return *MailboxName::parse(text);
}

constexpr NameSpelling kRev1 = NameSpelling::modified_utf7;

template <class Print, class... Arguments>
std::string printed(Print print, const Arguments&... arguments) {
  std::string out;
  print(out, arguments...);
  return out;
}

TEST(ListResponse, Attributes) {
  ListEntry entry;
  entry.name = name("a");
  EXPECT_EQ(printed(print_list, entry, kRev1), "* LIST () \"/\" a\r\n");
  entry.has_children = true;
  entry.subscribed = true;
  entry.special_use = SpecialUse::sent;
  EXPECT_EQ(printed(print_list, entry, kRev1), "* LIST (\\Subscribed \\HasChildren \\Sent) \"/\" a\r\n");
  entry = ListEntry();
  entry.name = name("b c");
  entry.has_children = false;
  entry.non_existent = true;
  entry.child_subscribed = true;
  EXPECT_EQ(
      printed(print_list, entry, kRev1),
      "* LIST (\\NonExistent \\Noselect \\HasNoChildren) \"/\" \"b c\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n");
}

TEST(ListResponse, OtherShapes) {
  EXPECT_EQ(printed(print_lsub, name("a"), true, kRev1), "* LSUB (\\Noselect) \"/\" a\r\n");
  EXPECT_EQ(printed(print_lsub, name("\xC3\xA9"), false, kRev1), "* LSUB () \"/\" &AOk-\r\n");
  EXPECT_EQ(printed(print_list_root), "* LIST (\\Noselect) \"/\" \"\"\r\n");
  EXPECT_EQ(printed(print_namespace), "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
}

TEST(ListLine, NamesInUtf8) {
  ListEntry entry;
  entry.name = name("\xC3\xA9 & \"so\"");
  EXPECT_EQ(printed(print_list, entry, kRev1), "* LIST () \"/\" \"&AOk- &- \\\"so\\\"\"\r\n");
  EXPECT_EQ(printed(print_list, entry, NameSpelling::utf8), "* LIST () \"/\" \"\xC3\xA9 & \\\"so\\\"\"\r\n");
  entry.name = name("A&B");
  EXPECT_EQ(printed(print_list, entry, NameSpelling::utf8), "* LIST () \"/\" A&B\r\n");
}

TEST(VanishedLine, NowAndEarlier) {
  UidSet uids = UidSet::of(Uid{300}, Uid{310});
  uids.add(Uid{405});
  EXPECT_EQ(printed(print_vanished, uids, Vanished::now), "* VANISHED 300:310,405\r\n");
  EXPECT_EQ(printed(print_vanished, uids, Vanished::earlier), "* VANISHED (EARLIER) 300:310,405\r\n");
  EXPECT_EQ(printed(print_vanished, UidSet(), Vanished::now), "");
}

TEST(QuotaLine, OnlyWhatIsLimited) {
  QuotaUsage usage;
  usage.octets = 1025;
  usage.messages = 3;
  EXPECT_EQ(printed(print_quota, usage), "* QUOTA \"\" ()\r\n");
  usage.messages_max = 7;
  EXPECT_EQ(printed(print_quota, usage), "* QUOTA \"\" (MESSAGE 3 7)\r\n");
  usage.octets_max = 4096;
  EXPECT_EQ(printed(print_quota, usage), "* QUOTA \"\" (STORAGE 2 4 MESSAGE 3 7)\r\n");
}

TEST(Windows, FromEitherEnd) {
  using Places = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(places_in({.first = 1, .last = 3}, 5), Places(0, 3));
  EXPECT_EQ(places_in({.first = 4, .last = 9}, 5), Places(3, 5));
  EXPECT_EQ(places_in({.first = 6, .last = 9}, 5), Places(5, 5));
  EXPECT_EQ(places_in({.first = 1, .last = 2, .from_end = true}, 5), Places(3, 5));
  EXPECT_EQ(places_in({.first = 5, .last = 9, .from_end = true}, 5), Places(0, 1));
  EXPECT_EQ(places_in({.first = 1, .last = 4294967295, .from_end = true}, 0), Places(0, 0));
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
  answer.mailbox = MailboxId{12};
  answer.deleted_octets = 1;
  answer.append_octets_max = 5000;
  const std::vector<StatusItem> others{StatusItem::mailbox_id, StatusItem::deleted_size,
                                       StatusItem::append_limit};
  EXPECT_EQ(printed(print_status, name("a"), others, answer, kRev1),
            "* STATUS a (MAILBOXID (M12) DELETED-STORAGE 1 APPENDLIMIT 5000)\r\n");
  const std::vector<StatusItem> items{
      StatusItem::messages, StatusItem::recent,         StatusItem::uid_next, StatusItem::uid_validity,
      StatusItem::unseen,   StatusItem::highest_modseq, StatusItem::size,     StatusItem::deleted};
  EXPECT_EQ(printed(print_status, name("a b"), items, answer, kRev1),
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
