// Names of a Maildir and the lists beside it.
#include "storage/mailfiles/maildir.h"

#include <gtest/gtest.h>

namespace postern::mailfiles {
namespace {

TEST(MaildirNames, SayFlagsSizeAndTime) {
  const MaildirName name = parse_maildir_name("1736157600.M1P2.host,S=1234,W=1300:2,FSab");
  EXPECT_EQ(name.base, "1736157600.M1P2.host,S=1234,W=1300");
  EXPECT_EQ(name.system,
            static_cast<std::uint8_t>(SystemFlag::flagged) | static_cast<std::uint8_t>(SystemFlag::seen));
  EXPECT_EQ(name.keywords, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(name.size, 1234u);
  EXPECT_EQ(name.time, WallTime(std::chrono::seconds(1'736'157'600)));
  const MaildirName bare = parse_maildir_name("x");
  EXPECT_EQ(bare.base, "x");
  EXPECT_EQ(bare.system, 0);
  EXPECT_FALSE(bare.size);
  EXPECT_FALSE(bare.time);
  EXPECT_FALSE(parse_maildir_name("a,S=:2,").size);
  EXPECT_FALSE(parse_maildir_name("a,S=99999999999999999999999:2,").size);
  EXPECT_EQ(parse_maildir_name("a:2,DRT,S").system, parse_maildir_name("a:2,TRD").system);
  EXPECT_EQ(maildir_info(name.system, {1, 0, 26, 99}), ":2,FSab");
  EXPECT_EQ(maildir_info(31, {}), ":2,DFRST");
}

TEST(MaildirFolders, AreMailboxesAndBack) {
  const struct {
    const char* directory;
    const char* mailbox;
  } kPairs[] = {
      {".Sent", "Sent"}, {".Projects.Bridge", "Projects/Bridge"}, {".Entw&APw-rfe", "Entw\xC3\xBCrfe"}};
  for (const auto& [directory, mailbox] : kPairs) {
    EXPECT_EQ(folder_mailbox(directory)->text(), mailbox);
    EXPECT_EQ(folder_directory(*MailboxName::parse(mailbox)), directory);
  }
  EXPECT_EQ(folder_mailbox(".Entw\xC3\xBCrfe")->text(), "Entw\xC3\xBCrfe");
  EXPECT_EQ(folder_mailbox(".R&D")->text(), "R&D");
  EXPECT_EQ(folder_mailbox(".a&AC8-b")->text(), "a&AC8-b") << "an encoded '/' makes no level";
  EXPECT_EQ(folder_directory(MailboxName::inbox()), "");
  EXPECT_EQ(folder_directory(*MailboxName::parse("v1.2")), ".v1_2");
  for (const char* none : {"", ".", "..", "cur", "..a", ".a..b", ".\xFF", ".a\x01"}) {
    EXPECT_FALSE(folder_mailbox(none)) << none;
  }
}

TEST(UidLists, AreReadInBothVersions) {
  const auto list = parse_uid_list("3 V1736157600 N42 Gabc\n7 P00ff W12 :1.a,S=3\n41 :2.b\n");
  ASSERT_TRUE(list) << list.error().detail;
  EXPECT_EQ(list->uid_validity, UidValidity(1736157600));
  EXPECT_EQ(list->uid_next, Uid(42));
  ASSERT_EQ(list->by_base.size(), 2u);
  EXPECT_EQ(list->by_base.at("1.a,S=3").uid, Uid(7));
  EXPECT_EQ(list->by_base.at("1.a,S=3").pop3_uidl, "00ff");
  EXPECT_EQ(list->by_base.at("2.b").uid, Uid(41));
  EXPECT_EQ(uid_list_text(*list), "3 V1736157600 N42\n7 P00ff :1.a,S=3\n41 :2.b\n");
  const auto old = parse_uid_list("1 5 9\n8 2.b:2,S\n");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->by_base.at("2.b").uid, Uid(8));
}

TEST(UidLists, ThatAreTornAreRefused) {
  for (const char* torn :
       {"", "3 V5 N9", "\n", "2 V5 N9\n", "3 N9\n", "3 V5\n", "3 V0 N9\n", "3 V5 N0\n", "3 V5 N9\nx :a\n",
        "3 V5 N9\n3\n", "3 V5 N9\n3 P\n", "3 V5 N9\n3 :a\n3 :b\n", "3 V5 N9\n4 :a\n3 :b\n", "3 V5 N9\n0 :a\n",
        "3 V5 N4294967296\n", "3 V5 N9\n4294967297 :a\n"}) {
    EXPECT_FALSE(parse_uid_list(torn)) << torn;
  }
  EXPECT_EQ(parse_uid_list("3 V5 N1\n7 :a\n")->uid_next, Uid(8));
  const std::string long_uidl(71, 'x');
  EXPECT_EQ(parse_uid_list("3 V5 N9\n3 P" + long_uidl + " :a\n")->by_base.at("a").pop3_uidl, "");
}

// What Courier writes into courierimapuiddb and courierpop3dsizelist.
TEST(UidLists, OfCourier) {
  const auto list = parse_uid_list("1 1736157600 43\n41 1736157600.M1P2.host,S=3\n42 2.b:2,S\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->uid_validity, UidValidity(1736157600));
  EXPECT_EQ(list->uid_next, Uid(43));
  EXPECT_EQ(list->by_base.at("2.b").uid, Uid(42));
  using Uidls = std::map<std::string, std::string, std::less<>>;
  EXPECT_EQ(parse_courier_pop3_list("/3 5 99\n1.a:2,S 120 3:99:0\n2.b 7 4:0:1\nname with spaces 9 5:98:0\n"),
            (Uidls{{"1.a", "UID3-99"}, {"2.b", "UID4"}, {"name with spaces", "UID5-98"}}));
  EXPECT_EQ(parse_courier_pop3_list("/2 5 99\n1.a 120 3:99\n"), (Uidls{{"1.a", "UID3-99"}}));
  EXPECT_EQ(parse_courier_pop3_list("/4 5 99\n1.a 120 3:99\n"), Uidls());
  EXPECT_EQ(parse_courier_pop3_list(
                "/3 5 99\n1.a\n1.a 1\n 1 2:3\n1.a 1 x:3\n1.a 1 0:3\n1.a 1 2\n1.a 1 99999999999:3\n"),
            Uidls());
  EXPECT_EQ(parse_courier_pop3_list(""), Uidls());
}

TEST(KeywordLists, NameLetters) {
  EXPECT_EQ(parse_keyword_list("0 $Forwarded\n2 work\nx\n1 no(good\n300 far\n"),
            (std::vector<std::string>{"$Forwarded", "", "work"}));
  EXPECT_EQ(keyword_list_text({"a", "b"}), "0 a\n1 b\n");
}

}  // namespace
}  // namespace postern::mailfiles
