// Octet ranges, line counts and texts that the scanner notes.
#include <gtest/gtest.h>

#include "storage/mime/scanner.h"
#include "tests/unit/mime/messages.h"

namespace postern::mime::test {
namespace {

std::string_view cut(std::string_view message, OctetRange range) {
  return message.substr(range.begin, range.size());
}

TEST(Scanner, RangesOfNestedParts) {
  const std::string message = crlf(
      "Content-Type: multipart/mixed; boundary=b\n\npreamble\n"
      "--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nline 1\nline 2\n\n"
      "--b--\nepilogue\n");
  const Part root = scan(message).root;
  EXPECT_EQ(cut(message, root.header), crlf("Content-Type: multipart/mixed; boundary=b\n\n"));
  EXPECT_EQ(root.body.end, message.size());
  EXPECT_EQ(root.lines, 11U);
  const Part& part = root.children.at(0);
  EXPECT_EQ(cut(message, part.header), crlf("Content-Type: message/rfc822\n\n"));
  EXPECT_EQ(cut(message, part.body), crlf("Subject: inner\n\nline 1\nline 2\n"));
  EXPECT_EQ(part.lines, 4U);
  const Part& inner = part.children.at(0);
  EXPECT_EQ(cut(message, inner.header), crlf("Subject: inner\n\n"));
  EXPECT_EQ(cut(message, inner.body), crlf("line 1\nline 2\n"));
  EXPECT_EQ(inner.lines, 2U);
  ASSERT_TRUE(part.envelope);
  EXPECT_EQ(part.envelope->subject, "inner");
}

TEST(Scanner, HeaderWithoutEmptyLineKeepsItsLineEnd) {
  const std::string message = crlf(
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: "
      "x\n--b--\n");
  const Part root = scan(message).root;
  const Part& part = root.children.at(0);
  EXPECT_EQ(cut(message, part.body), crlf("Subject: x\n"));
  EXPECT_EQ(part.lines, 1U);
  EXPECT_EQ(cut(message, part.children.at(0).header), crlf("Subject: x\n"));
  EXPECT_EQ(part.children.at(0).body.size(), 0U);
}

TEST(Scanner, ContentFields) {
  const Part part =
      scan(crlf("Content-Type: TEXT/Plain; Charset=UTF-8\nContent-ID: <a@b>\n"
                "Content-Description: =?utf-8?q?x?=\n y\nContent-Transfer-Encoding: Base64 (really)\n"
                "Content-MD5: abc==\nContent-Disposition: Attachment; filename=\"a b\"\n"
                "Content-Language: de, en-GB\nContent-Location: http://x/\n\n"))
          .root;
  EXPECT_EQ(part.type, "text");
  EXPECT_EQ(part.parameter("charset"), "UTF-8");
  EXPECT_EQ(part.id, "<a@b>");
  EXPECT_EQ(part.description, "=?utf-8?q?x?= y");
  EXPECT_EQ(part.encoding, "base64");
  EXPECT_EQ(part.md5, "abc==");
  EXPECT_EQ(part.disposition, "attachment");
  EXPECT_EQ(part.disposition_parameters, (std::vector<Parameter>{{"filename", "a b"}}));
  EXPECT_EQ(part.language, (std::vector<std::string>{"de", "en-GB"}));
  EXPECT_EQ(part.location, "http://x/");
}

TEST(Scanner, EnvelopeDefaultsAndRepeatedFields) {
  const Envelope envelope = scan(crlf("From: a@b\nFrom: c@d\nSubject: one\nSubject: two\nDate: now\n"
                                      "Reply-To:\nMessage-ID: <x@y>\nTo: e@f\nIn-Reply-To: <z>\n\n"))
                                .envelope;
  ASSERT_EQ(envelope.from.size(), 2U);
  EXPECT_EQ(envelope.from[1].mailbox, "c");
  EXPECT_EQ(envelope.sender, envelope.from);
  EXPECT_EQ(envelope.reply_to, envelope.from);
  EXPECT_EQ(envelope.subject, "one");
  EXPECT_EQ(envelope.date, "now");
  EXPECT_EQ(envelope.message_id, "<x@y>");
  EXPECT_EQ(envelope.in_reply_to, "<z>");
  EXPECT_EQ(envelope.to.size(), 1U);
  EXPECT_TRUE(envelope.cc.empty());
  EXPECT_EQ(scan("\r\n").envelope, Envelope());
}

TEST(Scanner, ListHeadersAreVerbatim) {
  const Structure structure = scan(crlf("Received: x\nSUBJECT : a\n\tb\nX-Other: y\nTo: z\n\nTo: body\n"));
  EXPECT_TRUE(structure.list_headers_complete);
  EXPECT_EQ(structure.list_headers,
            (std::vector<ListHeader>{{"SUBJECT", "SUBJECT : a\r\n\tb\r\n"}, {"To", "To: z\r\n"}}));
  EXPECT_TRUE(is_list_header("message-id"));
  EXPECT_FALSE(is_list_header("Received"));
}

TEST(Scanner, ListHeadersStopAtTheirBound) {
  const std::string fits(kListHeaderOctetsMax - 6, 'x');  // with "To:" and CRLF one octet less than the bound
  EXPECT_TRUE(scan("To:" + fits + "x\r\n\r\n").list_headers_complete);
  const Structure beyond = scan("To:" + fits + "xx\r\nSubject: a\r\n\r\n");
  EXPECT_FALSE(beyond.list_headers_complete);
  EXPECT_TRUE(beyond.list_headers.empty());
  EXPECT_EQ(beyond.envelope.subject, "a");
}

}  // namespace
}  // namespace postern::mime::test
