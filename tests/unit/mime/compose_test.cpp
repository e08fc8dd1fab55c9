// A composed message, read again by the scanner: its tree, its texts, its parts octet for octet.
#include "storage/mime/compose.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"
#include "storage/mime/decode.h"
#include "storage/mime/scanner.h"
#include "storage/mime/text_body.h"
#include "storage/mime/transfer_encoder.h"

namespace postern::mime {
namespace {

constexpr std::size_t kAll = 1 << 20;

std::string octets_of(const Pieces& pieces, std::string_view stored = {}) {
  std::string octets;
  for (const Piece& piece : pieces) {
    octets += piece.text;
    if (piece.base64) {
      append_base64_lines(octets, piece.view);
    } else {
      octets += piece.view;
    }
    if (piece.stored) octets += stored.substr(piece.stored->begin, piece.stored->size());
  }
  return octets;
}

// "mixed(alternative(plain,html),png)"
std::string tree_of(const Part& part) {
  if (part.children.empty()) return part.subtype;
  std::string children;
  for (const Part& child : part.children) children += (children.empty() ? "" : ",") + tree_of(child);
  return part.subtype + '(' + children + ')';
}

std::string text_in(const Part& part, const std::string& message) {
  return text_of(part, std::string_view(message).substr(part.body.begin, part.body.size()), kAll);
}

struct Case {
  const char* tree;
  bool plain, html, alternative, related, attached;
};

class Trees : public testing::TestWithParam<Case> {};

TEST_P(Trees, AreAsSmallAsTheyCanBe) {
  const Case& with = GetParam();
  Composition composition;
  composition.header = "Subject: x\r\n";
  if (with.plain) composition.plain = text_entity("plain", "text\n");
  if (with.html) composition.html = text_entity("html", "<p>text</p>");
  const AttachmentLabel label{"i.png", "image/png", "i1", true};
  if (with.alternative) composition.alternatives.push_back(text_entity("calendar", "BEGIN:VCALENDAR"));
  if (with.related) composition.related.push_back(attachment_entity(label, "PNG"));
  if (with.attached) composition.attached.push_back(attachment_entity(label, "PNG"));
  const std::string message = octets_of(compose(std::move(composition), "token"));
  EXPECT_EQ(tree_of(scan(message).root), with.tree) << message;
  EXPECT_EQ(message.find("Subject: x\r\nMIME-Version: 1.0\r\n"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Compose, Trees,
                         testing::Values(Case{"plain", true, false, false, false, false},
                                         Case{"plain", false, false, false, false, false},
                                         Case{"html", false, true, false, false, false},
                                         Case{"alternative(plain,html)", true, true, false, false, false},
                                         Case{"alternative(plain,calendar)", true, false, true, false, false},
                                         Case{"calendar", false, false, true, false, false},
                                         Case{"related(html,png)", false, true, false, true, false},
                                         Case{"alternative(plain,related(html,png))", true, true, false, true,
                                              false},
                                         Case{"mixed(plain,png)", true, false, false, false, true},
                                         Case{"mixed(plain,png)", true, false, false, true, false},
                                         Case{"mixed(alternative(plain,related(html,png),calendar),png)",
                                              true, true, true, true, true}));

TEST(Compose, TextsComeBackWhateverTheyHold) {
  const std::string euros = [] {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "\xE2\x82\xAC";
    return text;
  }();
  const std::vector<std::string> texts = {"one\r\ntwo \r\n",
                                          "Gr\xC3\xBC\xC3\x9F"
                                          "e = 1 \r\n.\r\nFrom here\t\r\n",
                                          euros + "\r\n", std::string(5000, 'x') + "\r\n", "--mtoken\r\n"};
  for (const std::string& text : texts) {
    Composition composition;
    composition.plain = text_entity("plain", text);
    const std::string message = octets_of(compose(std::move(composition), "token"));
    EXPECT_TRUE(text::is_ascii(message));
    EXPECT_EQ(text_in(scan(message).root, message), text);
    for (const std::string_view line : text::split(message, '\n')) EXPECT_LE(line.size(), 998U);
  }
}

TEST(Compose, LineEndsAndNulAreRepaired) {
  Composition composition;
  composition.plain = text_entity("plain", std::string("a\nb\rc\0d", 7));
  const std::string message = octets_of(compose(std::move(composition), "token"));
  EXPECT_TRUE(message.ends_with("\r\n\r\na\r\nb\r\ncd\r\n")) << message;
}

TEST(Compose, PartsOfAStoredMessageGoAsTheyAre) {
  const std::string stored =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n"
      "--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: 8bit\r\nX-Odd: yes\r\n\r\n"
      "P\xFF"
      "F\r\n--b--\r\n";
  const Structure structure = scan(stored);
  Composition composition;
  composition.plain = text_entity("plain", "see below");
  composition.attached.push_back(stored_entity(structure.root.children.at(1)));
  const std::string message = octets_of(compose(std::move(composition), "token"), stored);
  EXPECT_NE(message.find(
                "\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: 8bit\r\nX-Odd: yes\r\n\r\n"
                "P\xFF"
                "F\r\n--mtoken--\r\n"),
            std::string::npos);
  EXPECT_NE(message.find("boundary=\"mtoken\"\r\nContent-Transfer-Encoding: 8bit\r\n"), std::string::npos);
}

TEST(Compose, AMessageThatIsOneFileLosesItsHeader) {
  const std::string stored = "Subject: scan\r\nContent-Type: application/pdf;\r\n name=a.pdf\r\n\r\nPDF\r\n";
  const Structure structure = scan(stored);
  const std::string header = stored.substr(0, structure.root.header.size());
  EXPECT_EQ(content_fields(header), "Content-Type: application/pdf;\r\n name=a.pdf\r\n");
  EXPECT_EQ(without_content_fields(header), "Subject: scan\r\n");
  EXPECT_EQ(without_content_fields("MIME-Version: 1.0\r\n\r\n"), "");
  EXPECT_EQ(without_content_fields("A: b\n\n"), "A: b\n");
  EXPECT_EQ(without_content_fields("A: b"), "A: b\r\n");
  EXPECT_EQ(without_content_fields("\n"), "");
  EXPECT_EQ(content_fields("Content-Type: x/y\n\n"), "Content-Type: x/y\n");
  const Entity entity = view_entity(structure.root, stored, content_fields(header));
  EXPECT_EQ(octets_of(entity.pieces), "Content-Type: application/pdf;\r\n name=a.pdf\r\n\r\nPDF\r\n");
}

TEST(Compose, AStoredMessageIsAnAttachment) {
  const std::string stored = "Subject: inner\r\n\r\ninner text\r\n";
  Composition composition;
  composition.attached.push_back(stored_message_entity("inner.eml", stored.size()));
  const std::string message = octets_of(compose(std::move(composition), "token"), stored);
  const Structure structure = scan(message);
  EXPECT_EQ(tree_of(structure.root), "mixed(plain,rfc822(plain))");
  EXPECT_EQ(file_name(structure.root.children.at(1)), "inner.eml");
}

TEST(AttachmentEntity, LabelsAreHeldToTheirPlace) {
  const AttachmentLabel label{"a\r\nX: y", "text/html\r\nX: y", "i>\r\nX: y", true};
  const std::string octets = octets_of(attachment_entity(label, "x").pieces);
  EXPECT_EQ(octets.find("\nX:"), std::string::npos) << octets;
  const AttachmentLabel multipart{"", "multipart/mixed; boundary=x", "", false};
  EXPECT_EQ(octets_of(attachment_entity(multipart, "x").pieces),
            "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
            "Content-Disposition: attachment\r\n\r\neA==\r\n");
}

TEST(QuotedPrintable, LinesAreShortAndBlanksAtTheirEndsAreSafe) {
  EXPECT_EQ(quoted_printable("a=b \r\n\t\r\n\xC3\xA4"), "a=3Db=20\r\n=09\r\n=C3=A4");
  const std::string encoded = quoted_printable(std::string(200, 'x'));
  for (const std::string_view line : text::split(encoded, '\n')) EXPECT_LE(line.size(), 77U);
  EXPECT_EQ(quoted_printable(std::string(75, 'x')), std::string(75, 'x'));
  EXPECT_EQ(quoted_printable(std::string(76, 'x')), std::string(75, 'x') + "=\r\nx");
}

}  // namespace
}  // namespace postern::mime
