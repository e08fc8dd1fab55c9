// FETCH: RFC 3501 §6.4.5, RFC 7162 §3.1.4, and the bounds of sections and partials.
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

FetchItem item(FetchKind kind) {
  FetchItem out;
  out.kind = kind;
  return out;
}

FetchItem section(Section what) {
  FetchItem out = item(FetchKind::section);
  out.section = std::move(what);
  return out;
}

FetchItem peek(Section what) {
  FetchItem out = section(std::move(what));
  out.peek = true;
  return out;
}

FetchItem partial(Section what, Partial range) {
  FetchItem out = peek(std::move(what));
  out.partial = range;
  return out;
}

FetchItem legacy(FetchKind kind, SectionKind what) {
  FetchItem out = item(kind);
  out.section.kind = what;
  out.peek = kind == FetchKind::rfc822_header;
  return out;
}

struct ItemsCase {
  std::string_view octets;
  std::vector<FetchItem> items;
};

TEST(FetchGrammar, Items) {
  const std::vector<ItemsCase> cases{
      {"FLAGS", {item(FetchKind::flags)}},
      {"(uid flags)", {item(FetchKind::uid), item(FetchKind::flags)}},
      {"BODY", {item(FetchKind::body)}},
      {"BODYSTRUCTURE", {item(FetchKind::body_structure)}},
      {"(INTERNALDATE RFC822.SIZE ENVELOPE MODSEQ)",
       {item(FetchKind::internal_date), item(FetchKind::rfc822_size), item(FetchKind::envelope),
        item(FetchKind::modseq)}},
      {"RFC822", {legacy(FetchKind::rfc822, SectionKind::whole)}},
      {"RFC822.HEADER", {legacy(FetchKind::rfc822_header, SectionKind::header)}},
      {"RFC822.TEXT", {legacy(FetchKind::rfc822_text, SectionKind::text)}},
      {"BODY[]", {section({})}},
      {"body.peek[]", {peek({})}},
      {"BODY[1.22.3]", {section({{1, 22, 3}, SectionKind::whole, {}})}},
      {"BODY[1.MIME]", {section({{1}, SectionKind::mime, {}})}},
      {"BODY[TEXT]", {section({{}, SectionKind::text, {}})}},
      {"BODY.PEEK[2.HEADER]", {peek({{2}, SectionKind::header, {}})}},
      {"BODY[HEADER.FIELDS (From \"To\")]", {section({{}, SectionKind::header_fields, {"From", "To"}})}},
      {"BODY[3.HEADER.FIELDS.NOT ({2}\r\nCc)]", {section({{3}, SectionKind::header_fields_not, {"Cc"}})}},
      {"BODY.PEEK[1]<0.9>", {partial({{1}, SectionKind::whole, {}}, {0, 9})}},
      {"BODY.PEEK[]<9223372036854775807.1>", {partial({}, {9223372036854775807u, 1})}},
      {"BODY.PEEK[]<5.9223372036854775807>", {partial({}, {5, 9223372036854775807u})}},
      {"BODY.PEEK[4294967295]", {peek({{4294967295}, SectionKind::whole, {}})}},
  };
  for (const ItemsCase& row : cases) {
    const Fetch fetch = good(parse_fetch, "2:4 " + std::string(row.octets));
    EXPECT_EQ(fetch.items, row.items) << row.octets;
    EXPECT_EQ(fetch.set, set_of({{2, 4}}));
  }
}

TEST(FetchGrammar, Macros) {
  EXPECT_EQ(good(parse_fetch, "1 FAST").items.size(), 3u);
  EXPECT_EQ(good(parse_fetch, "1 all").items.back(), item(FetchKind::envelope));
  EXPECT_EQ(good(parse_fetch, "1 FULL").items.size(), 5u);
  EXPECT_EQ(good(parse_fetch, "1 FULL").items.back(), item(FetchKind::body));
  EXPECT_EQ(refusal(parse_fetch, "1 (ALL)"), "expected a data item at octet 4");
}

TEST(FetchGrammar, WhatMarksSeen) {
  for (std::string_view marks : {"BODY[]", "RFC822", "RFC822.TEXT", "BODY[HEADER]"}) {
    EXPECT_TRUE(good(parse_fetch, "1 " + std::string(marks)).items[0].marks_seen()) << marks;
  }
  for (std::string_view leaves : {"BODY.PEEK[]", "RFC822.HEADER", "BODY", "ENVELOPE"}) {
    EXPECT_FALSE(good(parse_fetch, "1 " + std::string(leaves)).items[0].marks_seen()) << leaves;
  }
}

TEST(FetchGrammar, ChangedSince) {
  EXPECT_EQ(good(parse_uid_fetch, "1:* (FLAGS) (CHANGEDSINCE 12345)").changed_since, ModSeq(12345));
  EXPECT_TRUE(good(parse_uid_fetch, "1:* FLAGS").uid);
  EXPECT_EQ(good(parse_fetch, "1:* ALL (CHANGEDSINCE 1)").changed_since, ModSeq(1));
  EXPECT_TRUE(good(parse_uid_fetch, "300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED)").vanished);
  EXPECT_EQ(refusal(parse_fetch, "1 (FLAGS) (CHANGEDSINCE 1 VANISHED)"), "expected CHANGEDSINCE at octet 27");
  EXPECT_EQ(refusal(parse_uid_fetch, "1 (FLAGS) (VANISHED)"),
            "expected VANISHED together with CHANGEDSINCE at octet 11");
  EXPECT_EQ(good(parse_uid_fetch, "25900:26600 (UID FLAGS) (PARTIAL -1:-30)").partial, (Window{1, 30, true}));
  EXPECT_EQ(refusal(parse_fetch, "1 (FLAGS) (PARTIAL 1:2)"), "expected CHANGEDSINCE at octet 12");
  EXPECT_TRUE(good(parse_fetch, "$ (FLAGS)").set.saved);
  EXPECT_EQ(refusal(parse_fetch, "1 FLAGS (CHANGEDSINCE 9223372036854775808)"),
            "expected a number up to 9223372036854775807 at octet 23");
  EXPECT_EQ(refusal(parse_fetch, "1 FLAGS (FOO 1)"), "expected CHANGEDSINCE at octet 10");
  EXPECT_EQ(refusal(parse_fetch, "1 FLAGS CHANGEDSINCE 1"), "expected \"(\" at octet 9");
}

TEST(FetchGrammar, Refused) {
  EXPECT_EQ(refusal(parse_fetch, ""), "expected a number at octet 1");
  EXPECT_EQ(refusal(parse_fetch, "0 FLAGS"), "expected a number above zero at octet 1");
  EXPECT_EQ(refusal(parse_fetch, "1"), "expected a space at octet 2");
  EXPECT_EQ(refusal(parse_fetch, "1 "), "expected a data item at octet 3");
  EXPECT_EQ(refusal(parse_fetch, "1 ()"), "expected a data item at octet 4");
  EXPECT_EQ(refusal(parse_fetch, "1 FOO"), "expected a data item at octet 3");
  EXPECT_EQ(refusal(parse_fetch, "1 FLAGSX"), "expected a data item at octet 3");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[1.0]"), "expected a number above zero at octet 10");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[0]"), "expected a number above zero at octet 8");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[4294967296]"), "expected a number up to 4294967295 at octet 8");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[1.]"), "expected a section at octet 10");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[1"), "expected \"]\" at octet 9");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[MIME]"), "expected a section at octet 8");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[HEADER.FIELDS]"), "expected a space at octet 21");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[HEADER.FIELDS ()]"), "expected a field name at octet 23");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY.PEEK"), "expected a data item at octet 3");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[]<0.0>"), "expected a number above zero at octet 12");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[]<5>"), "expected \".\" at octet 11");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[]<-1.5>"), "expected a number at octet 10");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[]<18446744073709551616.10>"),
            "expected a number up to 9223372036854775807 at octet 10");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[]<0.9223372036854775808>"),
            "expected a number up to 9223372036854775807 at octet 12");
  EXPECT_EQ(refusal(parse_fetch, "1 BODY[]<0.1"), "expected \">\" at octet 13");
  EXPECT_EQ(refusal(parse_fetch, "1 BODYSTRUCTURE<0.1>"), "expected a data item at octet 3");
}

TEST(FetchGrammar, Bounds) {
  const auto levels = [](std::size_t count) { return "1 BODY[1" + repeat(".1", count - 1) + "]"; };
  EXPECT_EQ(good(parse_fetch, levels(100)).items[0].section.part.size(), 100u);
  EXPECT_EQ(refusal(parse_fetch, levels(101)), "expected a part at most 100 levels deep at octet 208");
  const auto names = [](std::size_t count) {
    return "1 BODY[HEADER.FIELDS (a" + repeat(" a", count - 1) + ")]";
  };
  EXPECT_EQ(good(parse_fetch, names(1000)).items[0].section.fields.size(), 1000u);
  EXPECT_EQ(refusal(parse_fetch, names(1001)), "expected at most 1000 items at octet 2023");
  const auto name = [](std::size_t octets) { return "1 BODY[HEADER.FIELDS (" + repeat("a", octets) + ")]"; };
  EXPECT_EQ(refusal(parse_fetch, name(998)), "accepted");
  EXPECT_EQ(refusal(parse_fetch, name(999)), "expected a field name of at most 998 octets at octet 23");
  const auto items = [](std::size_t count) { return "1 (UID" + repeat(" UID", count - 1) + ")"; };
  EXPECT_EQ(refusal(parse_fetch, items(1000)), "accepted");
  EXPECT_EQ(refusal(parse_fetch, items(1001)), "expected at most 1000 items at octet 4004");
}

}  // namespace
}  // namespace postern::imap
