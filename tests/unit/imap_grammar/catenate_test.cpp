// CATENATE (RFC 4469 §5) in APPEND and REPLACE, and the URLs that name messages (RFC 5092).
#include "protocols/imap/grammar/framer.h"
#include "protocols/imap/grammar/message_url.h"
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

using Texts = std::vector<std::string>;

TEST(CatenateGrammar, UpToTheFirstText) {
  const AppendMessage message =
      good(parse_append, "Drafts (\\Seen) CATENATE (URL \"/a;UIDVALIDITY=3/;UID=20\" URL b TEXT {42}")
          .message;
  EXPECT_TRUE(message.flags.has(SystemFlag::seen));
  EXPECT_EQ(message.catenated->urls, (Texts{"/a;UIDVALIDITY=3/;UID=20", "b"}));
  EXPECT_FALSE(message.catenated->closed);
  EXPECT_EQ(message.octets, 42u);
  EXPECT_TRUE(message.synchronizing);
  EXPECT_FALSE(good(parse_append, "a CATENATE (TEXT {1+}").message.synchronizing);
  EXPECT_TRUE(good(parse_append, "a catenate (text ~{1}").message.binary);
  EXPECT_EQ(good(parse_append, "a CATENATE (URL {3}\r\n/;U TEXT {1}").message.catenated->urls, Texts{"/;U"});
}

TEST(CatenateGrammar, OfUrlsAloneSeveralStandInALine) {
  const Append append = good(parse_append, "a CATENATE (URL b) (\\Seen) CATENATE (URL c TEXT {7}");
  EXPECT_TRUE(append.message.catenated->closed);
  ASSERT_EQ(append.more.size(), 1u);
  EXPECT_TRUE(append.more.front().flags.has(SystemFlag::seen));
  EXPECT_EQ(append.more.front().octets, 7u);
  EXPECT_TRUE(good(parse_append, "a CATENATE (URL b)").more.empty());
  EXPECT_EQ(good(parse_append, "a CATENATE (URL b) {3}").more.front().octets, 3u);
  EXPECT_EQ(refusal(parse_replace, "4 a CATENATE (URL b) {3}"), "expected one message at octet 25");
  EXPECT_TRUE(good(parse_replace, "4 a CATENATE (URL b)").with.message.catenated->closed);
}

TEST(CatenateGrammar, BehindAText) {
  EXPECT_EQ(good(parse_more_parts, " URL b TEXT {5}").front().catenated->urls, Texts{"b"});
  EXPECT_EQ(good(parse_more_parts, " TEXT {5}").front().octets, 5u);
  EXPECT_TRUE(good(parse_more_parts, ")").front().catenated->closed);
  EXPECT_TRUE(good(parse_more_parts, " URL b)").front().catenated->closed);
  const std::vector<AppendMessage> more = good(parse_more_parts, ") (\\Seen) {9}");
  ASSERT_EQ(more.size(), 2u);
  EXPECT_EQ(more.back().octets, 9u);
  EXPECT_EQ(refusal(parse_more_parts, ""), "expected a space at octet 1");
  EXPECT_EQ(refusal(parse_more_parts, ")x"), "expected a space at octet 2");
}

TEST(CatenateGrammar, Refused) {
  EXPECT_EQ(refusal(parse_append, "a CATENATE ()"), "expected TEXT or URL at octet 13");
  EXPECT_EQ(refusal(parse_append, "a CATENATE (URL b"), "expected a space at octet 18");
  EXPECT_EQ(refusal(parse_append, "a CATENATE (TEXT {1} URL b)"),
            "expected the end of the command at octet 21");
  EXPECT_EQ(refusal(parse_append, "a CATENATE (FILE b)"), "expected TEXT or URL at octet 13");
  EXPECT_EQ(refusal(parse_append, "a CATENATE (" + repeat("URL b ", 999) + "URL b)"), "accepted");
  EXPECT_EQ(refusal(parse_append, "a CATENATE (" + repeat("URL b ", 1000) + "URL b)"),
            "expected at most 1000 URLs at octet 6017");
}

TEST(CatenateGrammar, ALiteralUrlIsNoMessage) {
  const auto state = [](const std::string& line) {
    Framer framer(kAfterLogIn);
    InputLine input;
    input.text = line;
    return framer.line(input);
  };
  EXPECT_EQ(state("a APPEND x CATENATE (URL {5}"), FramerState::need_literal);
  EXPECT_EQ(state("a APPEND x CATENATE (URL y url {5+}"), FramerState::need_literal);
  EXPECT_EQ(state("a APPEND x CATENATE (TEXT {5}"), FramerState::message);
  EXPECT_EQ(state("a APPEND x catenate (URL y TEXT {5+}"), FramerState::message);
  EXPECT_EQ(state("a APPEND URL {5}"), FramerState::message) << "a mailbox of that name";
  EXPECT_EQ(state("a APPEND x CATENATE (URL y)"), FramerState::complete);
}

TEST(MessageUrl, OfTheRfc) {
  const MessageUrl url = *parse_message_url("/Drafts;UIDVALIDITY=385759045/;UID=20/;section=HEADER");
  EXPECT_EQ(url.mailbox->text(), "Drafts");
  EXPECT_EQ(url.uid_validity, UidValidity(385759045));
  EXPECT_EQ(url.uid, Uid(20));
  EXPECT_EQ(url.part.section.kind, SectionKind::header);
  EXPECT_EQ(parse_message_url("/INBOX/;UID=11467")->part.section, Section());
  const MessageUrl part = *parse_message_url("/a/b%20c/;uid=1/;SECTION=1.2.MIME/;PARTIAL=3.10");
  EXPECT_EQ(part.mailbox->text(), "a/b c");
  EXPECT_EQ(part.part.section.part, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(part.part.section.kind, SectionKind::mime);
  EXPECT_EQ(part.part.partial, (Partial{3, 10}));
  EXPECT_EQ(parse_message_url("/a/;UID=1/;PARTIAL=7")->part.partial->origin, 7u);
  EXPECT_EQ(parse_message_url("/a/;UID=1/;SECTION=HEADER.FIELDS%20(From)")->part.section.fields,
            Texts{"From"});
  EXPECT_EQ(parse_message_url(";UID=4")->mailbox, std::nullopt);
  EXPECT_EQ(parse_message_url("/%C3%BC/;UID=4")->mailbox->text(), "\xC3\xBC");
}

TEST(MessageUrl, Refused) {
  for (const std::string_view url : {"",
                                     "/",
                                     "x",
                                     "imap://joe@example.test/INBOX/;UID=1",
                                     "//example.test/INBOX/;UID=1",
                                     "/INBOX",
                                     "/INBOX/;UID=0",
                                     "/INBOX/;UID=4294967296",
                                     "/INBOX/;UID=",
                                     "/INBOX/;UID=1x",
                                     "/INBOX/;UID=*",
                                     "/INBOX;UIDVALIDITY=0/;UID=1",
                                     "/INBOX/;UID=1/;SECTION=",
                                     "/INBOX/;UID=1/;SECTION=1.",
                                     "/%/;UID=1",
                                     "/%4/;UID=1",
                                     "/%xx/;UID=1",
                                     "/;UID=1",
                                     "/INBOX/;UID=1/;PARTIAL=",
                                     "/INBOX/;UID=1/;PARTIAL=1.0",
                                     "/INBOX/;UID=1/;SECTION=HEADER]",
                                     "/INBOX/;UID=1;URLAUTH=submit+joe:internal:x",
                                     "/%FF/;UID=1"}) {
    EXPECT_FALSE(parse_message_url(url)) << url;
  }
}

}  // namespace
}  // namespace postern::imap
