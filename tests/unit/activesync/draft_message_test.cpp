// What a device says of a draft, put over what is stored.
#include "protocols/activesync/draft_message.h"

#include <gtest/gtest.h>

#include "storage/mime/decode.h"
#include "storage/mime/text_body.h"
#include "storage/mime/transfer_encoder.h"
#include "tests/unit/activesync/message_fixture.h"

namespace postern::activesync {
namespace {

constexpr std::string_view kStored =
    "X-Mailer: other\nFrom: Joe <joe@example.test>\nTo: bob@example.org\nSubject: old\nImportance: high\n"
    "In-Reply-To: <a@b>\nContent-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/plain; charset=iso-8859-1\n\ngr\xFC\xDF\n"
    "--b\nContent-Type: application/pdf; name=a.pdf\n\nPDF-A\n"
    "--b\nContent-Type: application/pdf; name=b.pdf\n\nPDF-B\n--b--\n";

const DraftIdentity kIdentity{"joe@example.test", "<draft.1@host>", WallTime()};

NewAttachment file(std::string client_id, std::string name, std::string_view octets, bool is_inline = false) {
  NewAttachment attachment;
  attachment.client_id = std::move(client_id);
  attachment.display_name = std::move(name);
  attachment.content_type = "image/png";
  attachment.content = octets;
  attachment.is_inline = is_inline;
  return attachment;
}

class Composed {
 public:
  explicit Composed(const Draft& draft) : before_("\n") { compose(draft, nullptr); }
  Composed(const Draft& draft, std::string_view stored) : before_(stored) {
    const StoredDraft before{before_.structure,
                             std::string(before_.octets_of(before_.structure.root.header))};
    compose(draft, &before);
  }

  std::string header() const { return message.substr(0, structure.root.header.size()); }
  std::string text() const {
    const mime::Part* part = layout.plain;
    if (part == nullptr) return "none";
    return mime::text_of(*part, std::string_view(message).substr(part->body.begin, part->body.size()),
                         1 << 20);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const AttachedPart& one : layout.attachments) {
      names.push_back(one.number + ' ' + mime::file_name(*one.part) + (one.is_inline ? " inline" : ""));
    }
    return names;
  }

  std::string message;
  mime::Structure structure;
  MessageLayout layout;

 private:
  void compose(const Draft& draft, const StoredDraft* before) {
    for (const mime::Piece& piece : mime::compose(draft_composition(draft, before, kIdentity), "token")) {
      message += piece.text;
      if (piece.base64) mime::append_base64_lines(message, piece.view);
      if (!piece.base64) message += piece.view;
      if (piece.stored) message += before_.octets_of(*piece.stored);
    }
    structure = mime::scan(message);
    layout = layout_of(structure.root);
  }
  Message before_;
};

using Files = std::vector<std::string>;

TEST(NewDraft, HasWhatTheDeviceSays) {
  Draft draft;
  draft.to = "\"B\xC3\xB6\" <bob@example.org>, kim";
  draft.bcc = "eve@example.org";
  draft.subject = "Hi";
  draft.importance = Importance::low;
  draft.body_type = BodyType::plain_text;
  draft.body = "Dear\nBob";
  const Composed made(draft);
  EXPECT_EQ(made.header(),
            "To: =?utf-8?B?QsO2?=\r\n <bob@example.org>,\r\n kim\r\nBcc: eve@example.org\r\n"
            "From: <joe@example.test>\r\nSubject: Hi\r\nImportance: low\r\n"
            "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nMessage-ID: <draft.1@host>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
  EXPECT_EQ(made.text(), "Dear\r\nBob\r\n");
}

TEST(NewDraft, MayBeEmpty) {
  const Composed made{Draft()};
  EXPECT_EQ(made.text(), "");
  EXPECT_EQ(made.structure.envelope.message_id, "<draft.1@host>");
}

TEST(NewDraft, HtmlHasTextBeside) {
  Draft draft;
  draft.body_type = BodyType::html;
  draft.body = "<meta charset=iso-8859-1><p>B\xC3\xB6</p><img src='cid:i1'>";
  NewAttachment picture = file("c1", "i.png", "PNG", true);
  picture.content_id = "i1";
  draft.attachments_added = {picture, file("c2", "a.png", "PNG")};
  const Composed made(draft);
  EXPECT_EQ(made.text(), "B\xC3\xB6\r\n");
  EXPECT_EQ(made.files(), (Files{"1.2.2 i.png inline", "2 a.png"}));
  EXPECT_EQ(made.message.find("iso-8859-1"), std::string::npos);
  const auto added = added_attachments(draft, made.structure, "5:9");
  ASSERT_EQ(added.size(), 2U);
  EXPECT_EQ(added[0].client_id, "c1");
  EXPECT_EQ(added[0].file_reference, "5:9/1.2.2");
  EXPECT_EQ(added[1].client_id, "c2");
  EXPECT_EQ(added[1].file_reference, "5:9/2");
}

TEST(ChangedDraft, KeepsWhatNothingIsSaidOf) {
  Draft draft;
  draft.subject = "new";
  const Composed made(draft, kStored);
  EXPECT_EQ(made.header(),
            "X-Mailer: other\r\nFrom: Joe <joe@example.test>\r\nTo: bob@example.org\r\nImportance: high\r\n"
            "In-Reply-To: <a@b>\r\nSubject: new\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\n"
            "Message-ID: <draft.1@host>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=\"mtoken\"\r\n\r\n");
  EXPECT_EQ(made.text(), "gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(made.files(), (Files{"2 a.pdf", "3 b.pdf"}));
  EXPECT_FALSE(renumbers_attachments(draft, Message(kStored).structure, made.structure));
}

TEST(ChangedDraft, TakesAndDropsAttachments) {
  Draft draft;
  draft.attachments_removed = {"5:9/2"};
  draft.attachments_added = {file("c1", "c.png", "PNG")};
  const Composed made(draft, kStored);
  EXPECT_EQ(made.files(), (Files{"2 b.pdf", "3 c.png"}));
  EXPECT_TRUE(renumbers_attachments(draft, Message(kStored).structure, made.structure));
  EXPECT_NE(made.message.find("PDF-B"), std::string::npos);
  EXPECT_EQ(made.message.find("PDF-A"), std::string::npos);
}

TEST(ChangedDraft, EmptiesWhatIsEmpty) {
  Draft draft;
  draft.to = "";
  draft.importance = Importance::normal;
  const std::string header = Composed(draft, kStored).header();
  EXPECT_EQ(header.find("To: bob"), std::string::npos);
  EXPECT_EQ(header.find("Importance"), std::string::npos);
}

TEST(ChangedDraft, APlainMessageWithoutContentFieldsKeepsItsText) {
  Draft draft;
  draft.subject = "new";
  const Composed made(draft, "Subject: old\n\nwords\n");
  EXPECT_EQ(made.text(), "words\r\n");
  EXPECT_EQ(made.structure.envelope.subject, "new");
}

TEST(MimeDraft, IsTheMessageUnderOurName) {
  Draft draft;
  draft.body_type = BodyType::mime;
  draft.body = "Message-ID: <x@y>\r\nTo: bob@example.org\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n";
  EXPECT_EQ(Composed(draft).message,
            "Message-ID: <draft.1@host>\r\nTo: bob@example.org\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/html\r\n\r\n<p>x</p>\r\n");
  draft.attachments_added = {file("c1", "c.png", "PNG")};
  EXPECT_EQ(Composed(draft).files(), (Files{"2 c.png"}));
}

TEST(DraftContent, EveryWordCounts) {
  Draft draft;
  const std::string nothing = draft_content(draft);
  draft.to = "";
  const std::string empty_to = draft_content(draft);
  draft.attachments_added = {file("c1", "c.png", "PNG")};
  const std::string with_file = draft_content(draft);
  draft.attachments_added = {file("c1", "c.png", "GIF")};
  EXPECT_NE(nothing, empty_to);
  EXPECT_NE(empty_to, with_file);
  EXPECT_NE(with_file, draft_content(draft));
}

TEST(HalfAddresses, AreSeenInWhatIsSaidOrStored) {
  Draft draft;
  const Message stored("To: bob\n\nx\n");
  EXPECT_TRUE(has_half_address(draft, &stored.structure));
  EXPECT_FALSE(has_half_address(draft, nullptr));
  draft.to = "bob@example.org";
  EXPECT_FALSE(has_half_address(draft, &stored.structure));
  draft.bcc = "kim@example.org, eve";
  EXPECT_TRUE(has_half_address(draft, nullptr));
}

}  // namespace
}  // namespace postern::activesync
