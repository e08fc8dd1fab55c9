// ENVELOPE, BODY and BODYSTRUCTURE of part trees.
#include "protocols/imap/response/body_structure.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/mime/scanner.h"

namespace postern::imap {
namespace {

std::string body(const mime::Part& part) {
  std::string out;
  print_body(out, part, GlobalMessages::leaves);
  return out;
}

std::string structure(const mime::Part& part) {
  std::string out;
  print_body_structure(out, part, GlobalMessages::leaves);
  return out;
}

std::string envelope(const mime::Envelope& value) {
  std::string out;
  print_envelope(out, value);
  return out;
}

mime::Part text_part(std::uint64_t octets, std::uint64_t lines) {
  mime::Part part;
  part.parameters = {{"charset", "utf-8"}};
  part.body = {100, 100 + octets};
  part.lines = lines;
  return part;
}

TEST(BodyStructure, Text) {
  const mime::Part part = text_part(3028, 92);
  EXPECT_EQ(body(part), R"(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 3028 92))");
  EXPECT_EQ(structure(part),
            R"(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 3028 92 NIL NIL NIL NIL))");
}

TEST(BodyStructure, LeafWithEverything) {
  mime::Part part;
  part.type = "image";
  part.subtype = "png";
  part.parameters = {{"name", "a \"b\".png"}, {"x", ""}};
  part.id = "<1@x>";
  part.description = "caf\xC3\xA9";
  part.encoding = "base64";
  part.md5 = "Q2hlY2s=";
  part.disposition = "attachment";
  part.disposition_parameters = {{"filename", "a.png"}};
  part.language = {"en", "de"};
  part.location = "http://x/";
  part.body = {0, 7};
  EXPECT_EQ(structure(part),
            "(\"image\" \"png\" (\"name\" \"a \\\"b\\\".png\" \"x\" \"\") \"<1@x>\" {5}\r\ncaf\xC3\xA9 "
            "\"base64\" 7 "
            "\"Q2hlY2s=\" (\"attachment\" (\"filename\" \"a.png\")) (\"en\" \"de\") \"http://x/\")");
}

TEST(BodyStructure, Multipart) {
  mime::Part part;
  part.type = "multipart";
  part.subtype = "mixed";
  part.parameters = {{"boundary", "b"}};
  part.disposition = "inline";
  part.children = {text_part(1, 1), text_part(2, 0)};
  EXPECT_EQ(body(part), R"((("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 1 1))"
                        R"(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 2 0) "mixed"))");
  part.children.pop_back();
  EXPECT_EQ(
      structure(part),
      R"((("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 1 1 NIL NIL NIL NIL) "mixed" ("boundary" "b") )"
      R"(("inline" NIL) NIL NIL))");
}

TEST(BodyStructure, EmptyMultipartStillHasABody) {
  mime::Part part;
  part.type = "multipart";
  part.subtype = "mixed";
  EXPECT_EQ(body(part), R"((("text" "plain" NIL NIL NIL "7bit" 0 0) "mixed"))");
  EXPECT_EQ(structure(part),
            R"((("text" "plain" NIL NIL NIL "7bit" 0 0 NIL NIL NIL NIL) "mixed" NIL NIL NIL NIL))");
}

TEST(BodyStructure, EmbeddedMessage) {
  mime::Part part;
  part.type = "message";
  part.subtype = "rfc822";
  part.body = {0, 342};
  part.lines = 9;
  part.envelope = mime::Envelope();
  part.envelope->subject = "Hi";
  part.children = {text_part(5, 1)};
  EXPECT_EQ(body(part),
            R"(("message" "rfc822" NIL NIL NIL "7bit" 342 (NIL "Hi" NIL NIL NIL NIL NIL NIL NIL NIL) )"
            R"(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 5 1) 9))");
  part.subtype = "global";
  EXPECT_EQ(body(part), R"(("message" "global" NIL NIL NIL "7bit" 342))") << "a leaf to IMAP4rev1";
  part.subtype = "rfc822";
  part.children.clear();
  part.envelope.reset();
  EXPECT_EQ(body(part),
            R"(("message" "rfc822" NIL NIL NIL "7bit" 342 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) )"
            R"(("text" "plain" NIL NIL NIL "7bit" 0 0) 9))");
}

TEST(BodyStructure, DepthIsBounded) {
  mime::Part part = text_part(1, 1);
  for (int i = 0; i < 500; ++i) {
    mime::Part parent;
    parent.type = "multipart";
    parent.subtype = "mixed";
    parent.children.push_back(std::move(part));
    part = std::move(parent);
  }
  const std::string printed = body(part);
  EXPECT_EQ(std::count(printed.begin(), printed.end(), '('), 102) << "101 levels and the empty text";
  EXPECT_EQ(std::count(printed.begin(), printed.end(), '('), std::count(printed.begin(), printed.end(), ')'));
}

TEST(Envelope, Everything) {
  mime::Envelope value;
  value.date = "Wed, 17 Jul 1996 02:23:25 -0700 (PDT)";
  value.subject = "a \"quoted\" one";
  value.from = {{"Terry Gray", std::nullopt, "gray", "cac.washington.edu"}};
  value.to = {{"group", std::nullopt, "g", std::nullopt},
              {std::nullopt, "@r", "minutes", "x.example"},
              {std::nullopt, std::nullopt, std::nullopt, std::nullopt}};
  value.message_id = "<B27397-0100000@cac.washington.edu>";
  EXPECT_EQ(envelope(value),
            "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"a \\\"quoted\\\" one\" "
            "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) NIL NIL "
            "((\"group\" NIL \"g\" NIL)(NIL \"@r\" \"minutes\" \"x.example\")(NIL NIL NIL NIL)) NIL NIL NIL "
            "\"<B27397-0100000@cac.washington.edu>\")");
}

TEST(Envelope, HostileOctets) {
  mime::Envelope value;
  value.subject = std::string("a\0b\r\nc", 6);
  EXPECT_EQ(envelope(value), "(NIL {6}\r\na b\r\nc NIL NIL NIL NIL NIL NIL NIL NIL)");
}

TEST(BodyStructure, OfAScannedMessage) {
  const mime::Structure scanned = mime::scan(
      "From: joe@example.org\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n"
      "--x\r\n\r\nhello\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>\r\n--x--\r\n");
  EXPECT_EQ(body(scanned.root).substr(0, 17), R"((("text" "plain" )");
  EXPECT_NE(body(scanned.root).find(R"("text" "html")"), std::string::npos);
  EXPECT_NE(envelope(scanned.envelope).find(R"((NIL NIL "joe" "example.org"))"), std::string::npos);
}

}  // namespace
}  // namespace postern::imap
