#include "protocols/imap_client/response.h"

#include <gtest/gtest.h>

namespace postern::imap_client {
namespace {

Response of(std::string text, std::vector<std::string> literals = {}) {
  Response response;
  response.text = std::move(text);
  response.literals = std::move(literals);
  return response;
}

TEST(ImapResponses, LiteralsAreAnnouncedAtTheEnd) {
  EXPECT_EQ(literal_at_end("* 1 FETCH (BODY[] {12}"), 12u);
  EXPECT_EQ(literal_at_end("x {0}"), 0u);
  for (const char* line : {"x {12} ", "x {}", "x {-1}", "x 12}", "", "}", "x {99999999999999999999}"})
    EXPECT_FALSE(literal_at_end(line)) << line;
}

TEST(ImapResponses, TaggedOnes) {
  const auto done = parse_tagged(of("a1 NO [AUTHENTICATIONFAILED] no"), "a1");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->outcome, Outcome::no);
  EXPECT_EQ(done->text, "[AUTHENTICATIONFAILED] no");
  EXPECT_EQ(parse_tagged(of("a1 ok"), "a1")->outcome, Outcome::ok);
  EXPECT_EQ(parse_tagged(of("a1 HUH"), "a1")->outcome, Outcome::bad);
  EXPECT_FALSE(parse_tagged(of("a11 OK"), "a1"));
  EXPECT_FALSE(parse_tagged(of("* OK"), "a1"));
}

TEST(ImapResponses, AFetchHasWhatWasAskedFor) {
  const auto fetched =
      *parse_fetch(of("* 7 FETCH (UID 41 MODSEQ (12) FLAGS (\\Seen \\Recent $Work bad{kw) X-THING (a (b "
                      "\"c)\") {3}) INTERNALDATE "
                      "\" 1-Feb-2025 10:20:30 +0130\" RFC822.SIZE 5 BODY[] {5})",
                      {"xyz", "Hello"}));
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->uid, Uid(41));
  EXPECT_EQ(fetched->size, 5u);
  EXPECT_EQ(fetched->octets, "Hello");
  EXPECT_TRUE(fetched->flags.has(SystemFlag::seen));
  EXPECT_EQ(fetched->flags.keywords, std::vector<std::string>{"$Work"});
  EXPECT_EQ(fetched->internal_zone_minutes, 90);
  const auto moment = std::chrono::sys_days(std::chrono::year(2025) / 2 / 1) + std::chrono::hours(8) +
                      std::chrono::minutes(50) + std::chrono::seconds(30);
  EXPECT_EQ(fetched->internal_date, WallTime(moment));
}

TEST(ImapResponses, BodiesInEveryForm) {
  EXPECT_EQ((*parse_fetch(of("* 1 FETCH (BODY[] \"a\\\"b\" UID 2)")))->octets, "a\"b");
  EXPECT_EQ((*parse_fetch(of("* 1 FETCH (BODY[] NIL)")))->octets, "");
  EXPECT_FALSE((*parse_fetch(of("* 1 FETCH (BODY[HEADER.FIELDS (DATE)] \"x\" UID 2)")))->octets);
}

TEST(ImapResponses, OthersAreNoFetch) {
  for (const char* text : {"* 3 EXISTS", "* OK hello", "+ go on", "* 1 FETCHED (", "* FETCH (UID 1)"})
    EXPECT_FALSE(*parse_fetch(of(text))) << text;
}

TEST(ImapResponses, BrokenFetchesAreRefused) {
  for (const char* text : {"* 1 FETCH (UID", "* 1 FETCH (UID x)", "* 1 FETCH (UID 0)", "* 1 FETCH UID 1",
                           "* 1 FETCH (BODY[] {5}", "* 1 FETCH (BODY[] \"x", "* 1 FETCH (FLAGS (a b",
                           "* 1 FETCH (X ((((((", "* 1 FETCH (UID 4294967296)"})
    EXPECT_FALSE(parse_fetch(of(text))) << text;
  EXPECT_TRUE(parse_fetch(of("* 1 FETCH (X " + std::string(100'000, '(') + std::string(100'000, ')') + ")")));
}

TEST(ImapResponses, Folders) {
  auto listed = **parse_list(of("* LIST (\\HasNoChildren \\Sent) \".\" \"Gesendete Objekte\""));
  EXPECT_EQ(listed.use, SpecialUse::sent);
  EXPECT_EQ(listed.delimiter, '.');
  EXPECT_EQ(local_name(listed)->text(), "Gesendete Objekte");
  listed = **parse_list(of("* LIST (\\Noselect) NIL {3}", {"a.b"}));
  EXPECT_FALSE(listed.selectable);
  EXPECT_EQ(local_name(listed)->text(), "a.b");
  listed = **parse_list(of("* LIST () \".\" Projekte.Br&APw-cke/alt"));
  EXPECT_EQ(local_name(listed)->text(),
            "Projekte/Br\xC3\xBC"
            "cke_alt");
  listed =
      **parse_list(of("* LIST () \"/\" \"Br\xC3\xBC"
                      "cke\""));
  EXPECT_EQ(local_name(listed)->text(),
            "Br\xC3\xBC"
            "cke");
  EXPECT_EQ((**parse_list(of("* LIST () \"/\" inbox"))).name, "inbox");
  EXPECT_FALSE(*parse_list(of("* LSUB () \"/\" x")));
  for (const char* text : {"* LIST", "* LIST (", "* LIST () \"/\"", "* LIST () \"/\" \"x"}) {
    const auto parsed = parse_list(of(text));
    EXPECT_TRUE(!parsed || !*parsed) << text;
  }
}

TEST(ImapResponses, NumbersAndCapabilities) {
  EXPECT_EQ(code_number(of("* OK [UIDVALIDITY 1736157600] UIDs valid"), "UIDVALIDITY"), 1736157600u);
  EXPECT_FALSE(code_number(of("* OK [UIDNEXT x]"), "UIDNEXT"));
  EXPECT_EQ(parse_status_messages(of("* STATUS \"a b\" (MESSAGES 231)")), 231u);
  EXPECT_EQ(has_capability(of("* CAPABILITY IMAP4rev1 special-use"), "SPECIAL-USE"), true);
  EXPECT_EQ(has_capability(of("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello STARTTLS"), "STARTTLS"), false);
  EXPECT_FALSE(has_capability(of("* OK hello"), "X"));
}

TEST(ImapResponses, WhatIsSentIsQuoted) {
  EXPECT_EQ(*quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_FALSE(quoted("a\r\nb LOGOUT"));
}

}  // namespace
}  // namespace postern::imap_client
