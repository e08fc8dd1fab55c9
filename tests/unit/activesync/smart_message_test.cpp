// What becomes of a device's message and the one that it replies to or forwards.
#include "protocols/activesync/smart_message.h"

#include <gtest/gtest.h>

#include "storage/mime/decode.h"
#include "storage/mime/text_body.h"
#include "storage/mime/transfer_encoder.h"
#include "tests/unit/activesync/message_fixture.h"

namespace postern::activesync {
namespace {

constexpr std::size_t kAll = 16 << 20;

constexpr std::string_view kOldPlain =
    "From: Bob <bob@example.org>\nTo: joe@example.test\nDate: Mon, 6 Jan 2025 10:00:00 +0100\n"
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <old@example.org>\nReferences: <first@example.org>\n"
    "Content-Type: text/plain; charset=iso-8859-1\n\nsch\xF6n <tag>\n";

constexpr std::string_view kOldRich =
    "From: Bob <bob@example.org>\nSubject: pictures\nMessage-ID: <old@example.org>\n"
    "Content-Type: multipart/mixed; boundary=m\n\n"
    "--m\nContent-Type: multipart/related; boundary=r\n\n"
    "--r\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
    "<html><head><meta charset=3Diso-8859-1></head><body>gr=FC=DFe<img src=3D\"cid:i1\"></body></html>\n"
    "--r\nContent-Type: image/png; name=i.png\nContent-ID: <i1>\nContent-Transfer-Encoding: base64\n\nAAEC\n"
    "--r\nContent-Type: image/png; name=j.png\nContent-ID: <i2>\nContent-Transfer-Encoding: base64\n\nAwQF\n"
    "--r--\n"
    "--m\nContent-Type: application/pdf; name=a.pdf\n\nPDF\n--m--\n";

constexpr std::string_view kNewPlain =
    "From: joe@example.test\nTo: bob@example.org\nSubject: Re: x\n\nMy words\n";

constexpr std::string_view kNewRich =
    "To: bob@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=n\n\n"
    "--n\nContent-Type: multipart/alternative; boundary=q\n\n"
    "--q\nContent-Type: text/plain\n\nMy words\n"
    "--q\nContent-Type: text/html\n\n<html><body>My <b>words</b></body></html>\n--q--\n"
    "--n\nContent-Type: image/jpeg; name=mine.jpg\nContent-Transfer-Encoding: base64\n\nAAAA\n--n--\n";

constexpr std::string_view kInvitation =
    "Subject: meet\nMessage-ID: <old@example.org>\nContent-Type: multipart/alternative; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\ncome\n"
    "--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n";

class Smart {
 public:
  Smart(SendKind kind, std::string_view written, std::string_view old) : old_(old) {
    const std::string octets = Message::with_crlf(written);
    DeviceMessage device{octets, mime::scan(octets)};
    StoredMessage stored;
    stored.structure = old_.structure;
    stored.octets = old_.octets.size();
    stored.plain = old_.octets_of(quoted_range(old_.layout.plain));
    stored.html = old_.octets_of(quoted_range(old_.layout.html));
    stored.header = old_.octets_of(old_.structure.root.header);
    for (const mime::Piece& piece : mime::compose(smart_composition(kind, device, stored), "token")) {
      message += piece.text;
      message += piece.view;
      if (piece.stored) message += old_.octets_of(*piece.stored);
    }
    structure = mime::scan(message);
    layout = layout_of(structure.root);
  }

  std::string text_of(const mime::Part* part) const {
    if (part == nullptr) return "none";
    return mime::text_of(*part, std::string_view(message).substr(part->body.begin, part->body.size()), kAll);
  }
  std::string plain() const { return text_of(layout.plain); }
  std::string html() const {
    if (layout.html == nullptr) return "none";
    mime::Part as_plain = *layout.html;
    as_plain.subtype = "plain";
    return text_of(&as_plain);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const AttachedPart& one : layout.attachments) {
      names.push_back(mime::file_name(*one.part) + (one.is_inline ? " inline" : ""));
    }
    return names;
  }

  std::string message;
  mime::Structure structure;
  MessageLayout layout;

 private:
  Message old_;
};

using Files = std::vector<std::string>;

TEST(SmartReply, QuotesPlainTextInUtf8) {
  const Smart reply(SendKind::reply, kNewPlain, kOldPlain);
  EXPECT_EQ(reply.plain(),
            "My words\r\n\r\n\r\n-----Original Message-----\r\nFrom: Bob <bob@example.org>\r\n"
            "Sent: Mon, 6 Jan 2025 10:00:00 +0100\r\nTo: joe@example.test\r\n"
            "Subject: Gr\xC3\xBC\xC3\x9F"
            "e\r\n\r\nsch\xC3\xB6n <tag>\r\n");
  EXPECT_EQ(reply.html(), "none");
  EXPECT_EQ(reply.files(), Files{});
  EXPECT_EQ(reply.structure.envelope.subject, "Re: x");
}

TEST(SmartReply, JoinsTheThread) {
  const Smart reply(SendKind::reply, kNewPlain, kOldPlain);
  EXPECT_TRUE(
      reply.message.starts_with("In-Reply-To: <old@example.org>\r\nReferences: <first@example.org>\r\n "
                                "<old@example.org>\r\nFrom: joe"));
  const Smart own(SendKind::reply, "In-Reply-To: <mine@x>\nReferences: <mine@x>\nTo: a@b.c\n\nHi\n",
                  kOldPlain);
  EXPECT_TRUE(own.message.starts_with("In-Reply-To: <mine@x>\r\nReferences: <mine@x>\r\nTo: a@b.c\r\n"));
}

TEST(SmartReply, HtmlOnEitherSideMakesBothForms) {
  const Smart reply(SendKind::reply, kNewPlain, kOldRich);
  EXPECT_NE(reply.plain().find("My words"), std::string::npos);
  EXPECT_NE(reply.plain().find("gr\xC3\xBC\xC3\x9F"), std::string::npos);
  EXPECT_NE(reply.html().find("<html><body>My words<br>"), std::string::npos) << reply.html();
  EXPECT_NE(reply.html().find("gr\xC3\xBC\xC3\x9F"
                              "e<img src=\"cid:i1\"></div>"),
            std::string::npos);
  EXPECT_EQ(reply.html().find("iso-8859-1"), std::string::npos);

  const Smart other(SendKind::reply, kNewRich, kOldPlain);
  EXPECT_NE(other.html().find("My <b>words</b>"), std::string::npos);
  EXPECT_NE(other.html().find("sch\xC3\xB6n &lt;tag&gt;"), std::string::npos);
  EXPECT_TRUE(other.html().ends_with("</div>\r\n</body></html>\r\n")) << other.html();
}

TEST(SmartReply, KeepsOnlyPicturesThatItShows) {
  EXPECT_EQ(Smart(SendKind::reply, kNewPlain, kOldRich).files(), (Files{"i.png inline"}));
  EXPECT_EQ(Smart(SendKind::reply, kNewRich, kOldPlain).files(), (Files{"mine.jpg"}));
}

TEST(SmartForward, KeepsEverything) {
  const Smart forward(SendKind::forward, kNewRich, kOldRich);
  EXPECT_EQ(forward.files(), (Files{"i.png inline", "mine.jpg", "j.png", "a.pdf"}));
  EXPECT_NE(forward.message.find("\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nPDF\r\n"),
            std::string::npos);
  EXPECT_NE(forward.plain().find("From: Bob <bob@example.org>"), std::string::npos);
}

TEST(SmartForward, AnInvitationCanStillBeAnswered) {
  const Smart forward(SendKind::forward, kNewPlain, kInvitation);
  ASSERT_NE(forward.layout.calendar, nullptr);
  EXPECT_EQ(forward.layout.calendar->parameter("method"), "REQUEST");
  EXPECT_EQ(Smart(SendKind::reply, kNewPlain, kInvitation).layout.calendar, nullptr);
}

TEST(SmartForward, AMessageThatIsOneFile) {
  const Smart forward(SendKind::forward, kNewPlain,
                      "Subject: scan\nContent-Type: application/pdf; name=s.pdf\n"
                      "Content-Transfer-Encoding: base64\n\nAAAA\n");
  EXPECT_EQ(forward.files(), (Files{"s.pdf"}));
  const mime::Part& pdf = *forward.layout.attachments.front().part;
  EXPECT_EQ(forward.message.substr(pdf.header.begin, pdf.header.size()),
            "Content-Type: application/pdf; name=s.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n");
}

TEST(SmartForward, WhatIsTooLargeOrSealedGoesWhole) {
  const std::string large = "Subject: large\n\n" + std::string(kQuotedOctetsMax + 1, 'x') + "\n";
  const Smart forward(SendKind::forward, kNewPlain, large);
  EXPECT_EQ(forward.plain(), "My words\r\n");
  EXPECT_EQ(forward.files(), (Files{"large.eml"}));
  const Smart sealed(SendKind::forward, kNewPlain,
                     "Subject: secret\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nAAAA\n");
  EXPECT_EQ(sealed.files(), (Files{"secret.eml"}));
  // A reply quotes what it can.
  const Smart reply(SendKind::reply, kNewPlain, large);
  EXPECT_EQ(reply.files(), Files{});
  EXPECT_GT(reply.plain().size(), kQuotedOctetsMax);
}

TEST(SmartForward, TextExactlyAtTheBoundIsQuoted) {
  const std::string text = "Subject: s\n\n" + std::string(kQuotedOctetsMax - 2, 'x') + "\n";
  EXPECT_EQ(Smart(SendKind::forward, kNewPlain, text).files(), Files{});
}

TEST(DeviceMessages, SealedOnesStayWhole) {
  const std::string sealed =
      "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n"
      "\r\n--b\r\n\r\nx\r\n--b--\r\n";
  EXPECT_TRUE(must_stay_whole({sealed, mime::scan(sealed)}));
  EXPECT_FALSE(must_stay_whole({kNewPlain, mime::scan(kNewPlain)}));
}

TEST(ThreadFields, TheListOfReferencesIsBounded) {
  std::string text = "Message-ID: <last@x>\nReferences:";
  for (int i = 0; i < 80; ++i) text += "\n <" + std::to_string(i) + "@x>";
  const Message stored(text + "\n\nx\n");
  const mime::Structure device = mime::scan("To: a@b.c\r\n\r\nx\r\n");
  const std::string fields = thread_fields(device, stored.structure);
  EXPECT_NE(fields.find("References: <0@x>\r\n <32@x>\r\n"), std::string::npos) << fields;
  EXPECT_TRUE(fields.ends_with(" <79@x>\r\n <last@x>\r\n"));
}

TEST(ForwardedMeeting, NamesItsReaders) {
  const Message stored(kInvitation);
  SendRequest request;
  request.forwardees = {{"Kim", "kim@example.org"}, {"", "no address"}};
  request.body_type = BodyType::html;
  request.body = "<p>Come</p>";
  EXPECT_EQ(forwarded_meeting("joe@example.test", request, stored.structure),
            "From: <joe@example.test>\r\nTo: \"Kim\" <kim@example.org>\r\nSubject: FW: meet\r\n"
            "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Come</p>\r\n");
}

}  // namespace
}  // namespace postern::activesync
