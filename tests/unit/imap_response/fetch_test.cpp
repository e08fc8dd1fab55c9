// FETCH data items as printed.
#include "protocols/imap/response/fetch.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

FetchItem section(Section what) {
  FetchItem item;
  item.kind = FetchKind::section;
  item.section = std::move(what);
  return item;
}

std::string announced(const FetchItem& item, std::uint64_t octets) {
  std::string out;
  FetchResponse response(out, 1);
  out.clear();
  response.section(section_name(item), octets);
  return out;
}

TEST(FetchResponse, Items) {
  std::string out;
  FetchResponse response(out, 12);
  response.uid(Uid{4294967295});
  response.flags("(\\Seen)");
  response.rfc822_size(44827);
  response.internal_date(
      WallTime(std::chrono::sys_days(std::chrono::year(1996) / 7 / 17) + std::chrono::hours(9) +
               std::chrono::minutes(44) + std::chrono::seconds(25)),
      -420);
  response.modseq(ModSeq{65402});
  response.finish();
  EXPECT_EQ(out,
            "* 12 FETCH (UID 4294967295 FLAGS (\\Seen) RFC822.SIZE 44827 INTERNALDATE \"17-Jul-1996 02:44:25 "
            "-0700\" MODSEQ (65402))\r\n");
}

TEST(FetchResponse, IdsAndDates) {
  std::string out;
  FetchResponse response(out, FetchSubject::by_uid(Uid{25996}));
  response.email_id(BlobId{7});
  response.thread_id();
  response.save_date(WallTime(std::chrono::seconds(86400)));
  response.finish();
  EXPECT_EQ(out, "* 25996 UIDFETCH (EMAILID (E7) THREADID NIL SAVEDATE \" 2-Jan-1970 00:00:00 +0000\")\r\n");
}

TEST(FetchResponse, NothingAtAll) {
  std::string out;
  FetchResponse(out, 1).finish();
  EXPECT_EQ(out, "* 1 FETCH ()\r\n");
}

TEST(FetchResponse, OutputMayBeFlushedInBetween) {
  std::string out;
  FetchResponse response(out, 1);
  response.section(section_name(section({})), 3);
  EXPECT_EQ(out, "* 1 FETCH (BODY[] {3}\r\n");
  out.clear();
  out += "abc";
  response.uid(Uid{1});
  response.finish();
  EXPECT_EQ(out, "abc UID 1)\r\n");
}

TEST(FetchResponse, Sections) {
  EXPECT_EQ(announced(section({{1, 2}, SectionKind::mime, {}}), 0), "BODY[1.2.MIME] {0}\r\n");
  EXPECT_EQ(announced(section({{3}, SectionKind::whole, {}}), 9), "BODY[3] {9}\r\n");
  EXPECT_EQ(announced(section({{}, SectionKind::text, {}}), 9), "BODY[TEXT] {9}\r\n");
  EXPECT_EQ(announced(section({{1}, SectionKind::header_fields_not, {"From", "a b"}}), 9),
            "BODY[1.HEADER.FIELDS.NOT (From \"a b\")] {9}\r\n");
  EXPECT_EQ(announced(section({{}, SectionKind::header_fields, {"To"}}), 9),
            "BODY[HEADER.FIELDS (To)] {9}\r\n");
  FetchItem partial = section({{}, SectionKind::header, {}});
  partial.peek = true;
  partial.partial = Partial{2048, 4096};
  EXPECT_EQ(announced(partial, 9), "BODY[HEADER]<2048> {9}\r\n");
}

TEST(FetchResponse, LegacyNames) {
  FetchItem item;
  item.kind = FetchKind::rfc822;
  EXPECT_EQ(announced(item, 1), "RFC822 {1}\r\n");
  item.kind = FetchKind::rfc822_header;
  EXPECT_EQ(announced(item, 1), "RFC822.HEADER {1}\r\n");
  item.kind = FetchKind::rfc822_text;
  EXPECT_EQ(announced(item, 1), "RFC822.TEXT {1}\r\n");
}

TEST(FetchResponse, MissingSection) {
  std::string out;
  FetchResponse response(out, 1);
  response.section_nil(section_name(section({{9}, SectionKind::whole, {}})));
  response.finish();
  EXPECT_EQ(out, "* 1 FETCH (BODY[9] NIL)\r\n");
}

TEST(FlagsText, Spelling) {
  Flags flags;
  EXPECT_EQ(flags_text(flags, false), "()");
  EXPECT_EQ(flags_text(flags, true), "(\\Recent)");
  flags.set(SystemFlag::seen).set(SystemFlag::answered);
  flags.add_keyword("$Forwarded");
  EXPECT_EQ(flags_text(flags, true), "(\\Answered \\Seen \\Recent $Forwarded)");
}

TEST(DateTimeText, Zones) {
  const WallTime epoch{};
  EXPECT_EQ(date_time_text(epoch, 0), " 1-Jan-1970 00:00:00 +0000");
  EXPECT_EQ(date_time_text(epoch, 345), " 1-Jan-1970 05:45:00 +0545");
  EXPECT_EQ(date_time_text(epoch, -1439), "31-Dec-1969 00:01:00 -2359");
  EXPECT_EQ(date_time_text(epoch - std::chrono::microseconds(1), 0), "31-Dec-1969 23:59:59 +0000");
}

TEST(FlagsNews, Parts) {
  std::string out;
  print_flags_change(out, 3, {.flags = "(\\Seen)", .uid = Uid{9}, .modseq = ModSeq{5}});
  EXPECT_EQ(out, "* 3 FETCH (UID 9 FLAGS (\\Seen) MODSEQ (5))\r\n");
  out.clear();
  print_flags_change(out, 3, {.flags = "()", .uid = std::nullopt, .modseq = std::nullopt});
  EXPECT_EQ(out, "* 3 FETCH (FLAGS ())\r\n");
}

}  // namespace
}  // namespace postern::imap
