// A message's properties and attachments, from its structure.
#include "protocols/activesync/email_item.h"

#include <gtest/gtest.h>

#include "protocols/activesync/body_render.h"
#include "protocols/activesync/code_page_number.h"
#include "protocols/activesync/schema/sync_response.h"
#include "protocols/shared/conversation.h"
#include "tests/support/activesync_answers.h"
#include "tests/unit/activesync/message_fixture.h"

namespace postern::activesync {
namespace {

EmailSource source() {
  EmailSource made;
  made.server_id = "7:9";
  made.received = parse_date_time("2026-11-23T08:00:00Z").value();
  return made;
}

EmailProperties properties(const Message& message, const EmailSource& from = source()) {
  return email_properties(message.structure, message.layout, from);
}

TEST(EmailItem, Headers) {
  const Message message(
      "From: \"J. \\\"B\\\"\" <j@example.org>\nSender: s@example.org\nReply-To: r@example.org\n"
      "To: Alice A. <alice@example.org>, bob@example.org, Team: c@example.org;\nCc: d@example.org\n"
      "Subject: Re: AW: =?iso-8859-1?q?gr=FC=DFe?=\nX-Priority: 1 (Highest)\n"
      "Content-Type: text/plain; charset=iso-8859-15\n\nx");
  const EmailProperties email = properties(message);
  EXPECT_EQ(email.from, "\"J. \\\"B\\\"\" <j@example.org>");
  EXPECT_EQ(email.sender, "s@example.org");
  EXPECT_EQ(email.reply_to, "r@example.org");
  EXPECT_EQ(email.to, "\"Alice A.\" <alice@example.org>, bob@example.org, c@example.org");
  EXPECT_EQ(email.display_to, "Alice A.; bob@example.org; c@example.org");
  EXPECT_EQ(email.cc, "d@example.org");
  EXPECT_EQ(email.subject,
            "Re: AW: gr\xC3\xBC\xC3\x9F"
            "e");
  EXPECT_EQ(email.thread_topic,
            "gr\xC3\xBC\xC3\x9F"
            "e");
  EXPECT_EQ(email.importance, Importance::high);
  EXPECT_EQ(email.internet_cpid, 28605U);
  EXPECT_EQ(email.message_class, "IPM.Note");
  EXPECT_EQ(email.is_draft, false);
  EXPECT_EQ(email.bcc, std::nullopt);
}

TEST(EmailItem, WhatIsNotThereIsNotSaid) {
  const EmailProperties email = properties(Message("From: a@example.org\n\nx"));
  EXPECT_EQ(email.to, std::nullopt);
  EXPECT_EQ(email.cc, std::nullopt);
  EXPECT_EQ(email.reply_to, std::nullopt);
  EXPECT_EQ(email.sender, std::nullopt);
  EXPECT_EQ(email.subject, "");
  EXPECT_EQ(email.importance, Importance::normal);
  EXPECT_TRUE(email.attachments.empty());
}

TEST(EmailItem, Marks) {
  EmailSource from = source();
  EXPECT_EQ(email_marks(from).read, false);
  EXPECT_EQ(email_marks(from).flag, FollowUpFlag());
  EXPECT_EQ(email_marks(from).last_verb, std::nullopt);
  from.flags.set(SystemFlag::seen).set(SystemFlag::flagged);
  for (const char* keyword : {"$Forwarded", "Work", "NonJunk", "$MDNSent"}) from.flags.add_keyword(keyword);
  const EmailProperties email = email_marks(from);
  EXPECT_EQ(email.read, true);
  EXPECT_EQ(email.flag->status, FlagStatus::active);
  EXPECT_EQ(email.categories, std::vector<std::string>{"Work"});
  EXPECT_EQ(email.last_verb, LastVerb::forwarded);
  from.flags.set(SystemFlag::answered);
  EXPECT_EQ(email_marks(from).last_verb, LastVerb::replied);
  from.flags = Flags();
  from.follow_up.emplace().status = FlagStatus::complete;
  EXPECT_EQ(email_marks(from).flag->status, FlagStatus::complete);
}

TEST(EmailItem, Attachments) {
  const EmailProperties email = properties(Message(kRelated));
  ASSERT_EQ(email.attachments.size(), 4U);
  EXPECT_EQ(email.attachments[0],
            (Attachment{"i.png", "7:9/1.2", AttachmentMethod::normal, 6, "i1", "", true, ""}));
  EXPECT_EQ(email.attachments[1].display_name, "inner.eml");
  EXPECT_EQ(email.attachments[1].method, AttachmentMethod::embedded_message);
  EXPECT_EQ(email.attachments[2].display_name, "part-3.txt");  // text behind the text
  EXPECT_EQ(email.attachments[3].display_name, "a.pdf");
  EXPECT_EQ(email.attachments[3].file_reference, "7:9/4");
}

TEST(EmailItem, AlternativesAreOneText) {
  const Message message(kAlternative);
  EXPECT_NE(message.layout.plain, nullptr);
  EXPECT_NE(message.layout.html, nullptr);
  const EmailProperties email = properties(message);
  ASSERT_EQ(email.attachments.size(), 1U);
  EXPECT_EQ(email.attachments[0].display_name, "invite.ics");
}

TEST(EmailItem, MessageClasses) {
  const auto class_of = [](std::string_view type) {
    return properties(Message("Content-Type: " + std::string(type) + "\n\n--b\n\nx\n--b--\n")).message_class;
  };
  EXPECT_EQ(class_of("multipart/report; report-type=delivery-status; boundary=b"), "REPORT.IPM.Note.NDR");
  EXPECT_EQ(class_of("multipart/report; report-type=disposition-notification; boundary=b"),
            "REPORT.IPM.Note.IPNRN");
  EXPECT_EQ(class_of("multipart/signed; boundary=b"), "IPM.Note.SMIME.MultipartSigned");
  EXPECT_EQ(class_of("application/pkcs7-mime"), "IPM.Note.SMIME");
}

TEST(EmailItem, FileReferences) {
  EXPECT_EQ(file_reference("7:9", "2.1"), "7:9/2.1");
  const auto place = parse_file_reference("7:9/2.1");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->server_id, "7:9");
  EXPECT_EQ(place->part, (std::vector<std::uint32_t>{2, 1}));
  for (const char* text : {"", "7:9", "/1", "7:9/", "7:9/0", "7:9/1..2", "7:9/x", "7:9/99999999999"}) {
    EXPECT_FALSE(parse_file_reference(text)) << text;
  }
}

TEST(EmailItem, AddressListsAreBounded) {
  std::vector<mime::EnvelopeAddress> many(5'000);
  for (auto& one : many) {
    one.mailbox = "someone";
    one.host = "example.org";
  }
  const std::string list = address_list(many);
  EXPECT_LE(list.size(), 32'768U);
  EXPECT_TRUE(list.ends_with("someone@example.org"));
}

TEST(Conversation, OneIdForAThread) {
  const auto id = [](std::string_view header) {
    return conversation_id(Message(std::string(header) + "\nx").structure);
  };
  const std::string first = id("Message-ID: <1@x>\nSubject: a\n");
  EXPECT_EQ(first.size(), 16U);
  EXPECT_EQ(id("Message-ID: <2@x>\nIn-Reply-To: <1@x>\nSubject: Re: a\n"), first);
  EXPECT_EQ(id("Message-ID: <3@x>\nIn-Reply-To: <2@x>\nReferences: <1@x>\n <2@x>\n"), first);
  EXPECT_NE(id("Message-ID: <4@x>\nSubject: a\n"), first);
  EXPECT_EQ(id("Subject: b\n"), id("Subject: Fwd: b\n"));
}

TEST(Conversation, IndexesOfTimeAndLevel) {
  const WallTime sent = parse_date_time("2026-11-23T08:00:00Z").value();
  const Message first("Message-ID: <1@x>\n\nx");
  const Message reply("Message-ID: <2@x>\nIn-Reply-To: <1@x>\n\nx");
  const std::string index = conversation_index(first.structure, sent);
  EXPECT_EQ(index.size(), 5U);
  EXPECT_EQ(conversation_index(reply.structure, sent).size(), 10U);
  EXPECT_LT(index, conversation_index(first.structure, sent + std::chrono::seconds(1)));
}

TEST(Conversation, Topics) {
  EXPECT_EQ(thread_topic("Re: RE[2]: Fwd:  lunch"), "lunch");
  EXPECT_EQ(thread_topic("Report: x"), "Report: x");
  EXPECT_EQ(thread_topic("Re:"), "");
  EXPECT_EQ(thread_topic("Re[2"), "Re[2");
}

TEST(CodePageNumber, KnownAndUnknown) {
  EXPECT_EQ(code_page_number("ISO-8859-1"), 28591U);
  EXPECT_EQ(code_page_number(""), 65001U);
  EXPECT_EQ(code_page_number("x-unknown"), 65001U);
}

// A whole item as it goes out, for the schemas.
TEST(EmailItem, AsAnswer) {
  for (const std::string_view text : {kPlain, kAlternative, kRelated}) {
    const Message message("From: a@example.org\nTo: b@example.org\n" + std::string(text));
    EmailProperties email = properties(message);
    const auto candidates = body_candidates(message.layout, {}, message.octets.size());
    email.body = render_body(candidates.at(0), message.octets_of(candidates.at(0).range));
    email.native_body_type = native_body_type(message.layout);
    const std::string xml = answer([&email](std::string& out) {
      SyncAnswer sync(out, ProtocolVersion::v16_1);
      sync.begin_collection({.collection_id = "7", .sync_key = "1"});
      sync.add("7:9", email);
      sync.end_collection({});
      sync.finish();
    });
    EXPECT_NE(xml.find("<Email:DateReceived>2026-11-23T08:00:00.000Z"), std::string::npos);
  }
}

}  // namespace
}  // namespace postern::activesync
