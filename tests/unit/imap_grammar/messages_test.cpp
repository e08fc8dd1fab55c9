// STORE, COPY, MOVE, UID EXPUNGE, APPEND, dates.
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

TEST(StoreGrammar, Values) {
  const Store store = good(parse_store, "2:4 +FLAGS (\\Deleted $Junk)");
  EXPECT_EQ(store.set, set_of({{2, 4}}));
  EXPECT_EQ(store.change.mode, FlagChangeMode::add);
  EXPECT_TRUE(store.change.flags.has(SystemFlag::deleted));
  EXPECT_EQ(store.change.flags.keywords, std::vector<std::string>{"$Junk"});
  EXPECT_FALSE(store.silent);
  EXPECT_FALSE(store.uid);
  EXPECT_EQ(good(parse_store, "1 FLAGS ()").change.flags, Flags{});
  EXPECT_EQ(good(parse_store, "1 flags.silent ()").change.mode, FlagChangeMode::replace);
  EXPECT_TRUE(good(parse_store, "1 flags.silent ()").silent);
  const Store bare = good(parse_uid_store, "1 -FLAGS.SILENT \\seen \\Answered");
  EXPECT_TRUE(bare.uid && bare.silent);
  EXPECT_EQ(bare.change.mode, FlagChangeMode::remove);
  EXPECT_TRUE(bare.change.flags.has(SystemFlag::seen) && bare.change.flags.has(SystemFlag::answered));
}

TEST(StoreGrammar, UnchangedSince) {
  EXPECT_EQ(good(parse_store, "1 (UNCHANGEDSINCE 320162338) FLAGS ()").unchanged_since, ModSeq(320162338));
  EXPECT_EQ(good(parse_store, "1 (unchangedsince 0) FLAGS ()").unchanged_since, ModSeq(0));
  EXPECT_EQ(good(parse_store, "1 FLAGS ()").unchanged_since, std::nullopt);
  EXPECT_EQ(refusal(parse_store, "1 (FOO 1) FLAGS ()"), "expected UNCHANGEDSINCE at octet 4");
}

TEST(StoreGrammar, Refused) {
  EXPECT_EQ(refusal(parse_store, "1 FLAGS"), "expected a space at octet 8");
  EXPECT_EQ(refusal(parse_store, "1 FLAGS "), "expected a flag at octet 9");
  EXPECT_EQ(refusal(parse_store, "1 FLAGSX ()"), "expected FLAGS at octet 3");
  EXPECT_EQ(refusal(parse_store, "1 FLAGS (\\Foo)"),
            "expected a system flag that a client may set at octet 10");
  EXPECT_EQ(refusal(parse_store, "1 FLAGS (\\Recent)"),
            "expected a system flag that a client may set at octet 10");
  EXPECT_EQ(refusal(parse_store, "1 FLAGS (\\*)"), "expected a flag at octet 11");
  EXPECT_EQ(refusal(parse_store, "1 FLAGS (\"a\")"), "expected a flag at octet 10");
}

TEST(StoreGrammar, KeywordBounds) {
  const auto keyword = [](std::size_t octets) { return "1 FLAGS (" + repeat("k", octets) + ")"; };
  EXPECT_EQ(refusal(parse_store, keyword(50)), "accepted");
  EXPECT_EQ(parse(parse_store, keyword(51)).error().kind, ErrorKind::too_large);
  const auto keywords = [](int count) {
    std::string out = "1 FLAGS (";
    for (int i = 0; i < count; ++i) out += (i == 0 ? "k" : " k") + std::to_string(i);
    return out + ")";
  };
  EXPECT_EQ(good(parse_store, keywords(200)).change.flags.keywords.size(), 200u);
  EXPECT_EQ(parse(parse_store, keywords(201)).error().kind, ErrorKind::too_large);
}

TEST(CopyGrammar, Values) {
  const Copy copy = good(parse_copy, "2:4 MEETING");
  EXPECT_EQ(copy.set, set_of({{2, 4}}));
  EXPECT_EQ(copy.mailbox.name.text(), "MEETING");
  EXPECT_FALSE(copy.uid);
  EXPECT_TRUE(good(parse_uid_copy, "1 a").uid);
  EXPECT_FALSE(good(parse_move, "* {1}\r\na").uid);
  EXPECT_TRUE(good(parse_uid_move, "1 a").uid);
  EXPECT_EQ(refusal(parse_copy, "1"), "expected a space at octet 2");
  EXPECT_EQ(refusal(parse_move, "1 "), "expected a mailbox at octet 3");
  EXPECT_EQ(refusal(parse_uid_copy, "1 a b"), "expected the end of the command at octet 4");
  EXPECT_EQ(refusal(parse_uid_move, "x a"), "expected a number at octet 1");
}

TEST(UidBatchesGrammar, Values) {
  EXPECT_EQ(good(parse_uid_batches, "2000").messages, 2000u);
  EXPECT_EQ(good(parse_uid_batches, "2000").batches, std::nullopt);
  EXPECT_EQ(good(parse_uid_batches, "500 10:20").batches, (Window{10, 20}));
  EXPECT_EQ(good(parse_uid_batches, "4294967295 1:1").batches, (Window{1, 1}));
  EXPECT_EQ(refusal(parse_uid_batches, "500 20:10"), "expected the lower batch first at octet 5");
  EXPECT_EQ(refusal(parse_uid_batches, "0"), "expected a number above zero at octet 1");
  EXPECT_EQ(refusal(parse_uid_batches, "500 10"), "expected \":\" at octet 7");
  EXPECT_EQ(refusal(parse_uid_batches, "500 0:1"), "expected a number above zero at octet 5");
  EXPECT_EQ(refusal(parse_uid_batches, "4294967296"), "expected a number up to 4294967295 at octet 1");
  EXPECT_EQ(refusal(parse_uid_batches, "500 1:2 3"), "expected the end of the command at octet 8");
}

TEST(UidExpungeGrammar, Values) {
  EXPECT_EQ(good(parse_uid_expunge, "3000:3002,*").uids, set_of({{3000, 3002}, {0, 0}}));
  EXPECT_EQ(refusal(parse_uid_expunge, ""), "expected a number at octet 1");
  EXPECT_EQ(refusal(parse_uid_expunge, "1 2"), "expected the end of the command at octet 2");
}

TEST(AppendGrammar, Values) {
  const Append append = good(parse_append, "Saved (\\Seen k) \" 7-Feb-1994 21:52:25 -0800\" {310}");
  EXPECT_EQ(append.mailbox.name.text(), "Saved");
  EXPECT_TRUE(append.message.flags.has(SystemFlag::seen));
  EXPECT_EQ(append.message.flags.keywords, std::vector<std::string>{"k"});
  EXPECT_EQ(append.message.internal_zone_minutes, -480);
  EXPECT_EQ(append.message.internal_date, WallTime(std::chrono::sys_days(std::chrono::year(1994) / 2 / 8) +
                                                   std::chrono::seconds(5 * 3600 + 52 * 60 + 25)));
  EXPECT_EQ(append.message.octets, 310u);
  EXPECT_TRUE(append.message.synchronizing);
  EXPECT_FALSE(good(parse_append, "a {0+}").message.synchronizing);
  EXPECT_EQ(good(parse_append, "{1}\r\na {9223372036854775807}").message.octets, 9223372036854775807u);
  EXPECT_EQ(good(parse_append, "a () {1}").message.internal_date, std::nullopt);
}

TEST(AppendGrammar, BinaryAndUtf8) {
  EXPECT_FALSE(good(parse_append, "a {1}").message.binary);
  EXPECT_TRUE(good(parse_append, "a ~{1}").message.binary);
  const AppendMessage message = good(parse_append, "a (\\Seen) UTF8 (~{1+}").message;
  EXPECT_TRUE(message.in_utf8 && message.binary && !message.synchronizing);
}

TEST(AppendGrammar, MoreMessages) {
  EXPECT_TRUE(good(parse_next_appends, " (\\Flagged) {310}").front().flags.has(SystemFlag::flagged));
  EXPECT_EQ(good(parse_next_appends, " {7+}").front().octets, 7u);
  EXPECT_EQ(refusal(parse_next_appends, "{7}"), "expected a space at octet 1");
  EXPECT_EQ(refusal(parse_next_appends, " INBOX {7}"), "expected \"{\" at octet 2");
}

TEST(ReplaceGrammar, Values) {
  const Replace replace = good(parse_uid_replace, "8 Drafts (\\Seen) {310}");
  EXPECT_EQ(replace.message, (SequenceSet::Range{8, 8}));
  EXPECT_TRUE(replace.uid);
  EXPECT_EQ(replace.with.mailbox.name.text(), "Drafts");
  EXPECT_FALSE(good(parse_replace, "* a {1}").uid);
  EXPECT_EQ(refusal(parse_replace, "1:2 a {1}"), "expected a space at octet 2");
  EXPECT_EQ(refusal(parse_replace, "$ a {1}"), "expected a number at octet 1");
  EXPECT_EQ(refusal(parse_replace, "0 a {1}"), "expected a number above zero at octet 1");
}

TEST(AppendGrammar, Refused) {
  EXPECT_EQ(refusal(parse_append, "a"), "expected a space at octet 2");
  EXPECT_EQ(refusal(parse_append, "a "), "expected \"{\" at octet 3");
  EXPECT_EQ(refusal(parse_append, "a text"), "expected \"{\" at octet 3");
  EXPECT_EQ(refusal(parse_append, "a {-1}"), "expected a number at octet 4");
  EXPECT_EQ(refusal(parse_append, "a UTF8 ({1}"), "expected \"~\" at octet 9");
  EXPECT_EQ(refusal(parse_append, "a UTF8 (~{1})"), "expected the end of the command at octet 13");
  EXPECT_EQ(refusal(parse_append, "a (\\Recent) {1}"),
            "expected a system flag that a client may set at octet 4");
  EXPECT_EQ(refusal(parse_append, "a {1} {1}"), "expected the end of the command at octet 6");
}

std::string date_time_refusal(std::string_view date) {
  return refusal(parse_append, "a \"" + std::string(date) + "\" {1}");
}

TEST(DateTimeGrammar, Bounds) {
  for (std::string_view date :
       {"01-Jan-0001 00:00:00 +0000", "31-Dec-9999 23:59:59 +0000", "29-Feb-2024 23:59:60 -2359",
        " 1-jan-2000 00:00:00 +2359", "1-JAN-2000 00:00:00 +0000"}) {
    EXPECT_EQ(date_time_refusal(date), "accepted") << date;
  }
  EXPECT_EQ(date_time_refusal("01-Jan-0000 00:00:00 +0000"), "expected a date of the calendar at octet 4");
  EXPECT_EQ(date_time_refusal("29-Feb-2023 00:00:00 +0000"), "expected a date of the calendar at octet 4");
  EXPECT_EQ(date_time_refusal("00-Jan-2000 00:00:00 +0000"), "expected a date of the calendar at octet 4");
  EXPECT_EQ(date_time_refusal("32-Jan-2000 00:00:00 +0000"), "expected a number up to 31 at octet 4");
  EXPECT_EQ(date_time_refusal("01-Foo-2000 00:00:00 +0000"), "expected a month at octet 7");
  EXPECT_EQ(date_time_refusal("01-Jan-200 00:00:00 +0000"), "expected two digits at octet 14");
  EXPECT_EQ(date_time_refusal("01-Jan-10000 00:00:00 +0000"), "expected a space at octet 15");
  EXPECT_EQ(date_time_refusal("01-Jan-2000 24:00:00 +0000"), "expected at most 23 at octet 16");
  EXPECT_EQ(date_time_refusal("01-Jan-2000 00:60:00 +0000"), "expected at most 59 at octet 19");
  EXPECT_EQ(date_time_refusal("01-Jan-2000 00:00:61 +0000"), "expected at most 60 at octet 22");
  EXPECT_EQ(date_time_refusal("01-Jan-2000 00:00:00 +2400"), "expected at most 23 at octet 26");
  EXPECT_EQ(date_time_refusal("01-Jan-2000 00:00:00 +0060"), "expected at most 59 at octet 28");
  EXPECT_EQ(date_time_refusal("01-Jan-2000 00:00:00 0000"), "expected \"+\" at octet 25");
  EXPECT_EQ(date_time_refusal("01-Jan-2000 00:00:00"), "expected a space at octet 24");
  for (std::string_view date :
       {"", "17-Jul-1996 02:44:25 -070", "17-Jul-1996 2:44:25 -07000", "17-Jul-1996 02:44:25  0700",
        "17-Jul-1996T02:44:25 -0700", "17-Jul-199x 02:44:25 -0700", "1 -Jul-1996 02:44:25 -0700",
        "17 Jul 1996 02:44:25 -0700", "17-Jul-1996 02:44:25 -0760", "17-Jul-1996 02:44:25 -2500",
        "17-Jul-1996 02:4:250 -0700"}) {
    EXPECT_NE(date_time_refusal(date), "accepted") << date;
  }
}

}  // namespace
}  // namespace postern::imap
