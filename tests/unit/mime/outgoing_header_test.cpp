// The header of an outgoing message, and its line ends.
#include "storage/mime/outgoing_header.h"

#include <gtest/gtest.h>

#include "storage/mime/crlf_lines.h"

namespace postern::mime {
namespace {

using Texts = std::vector<std::string>;

TEST(OutgoingHeaders, KeepEverythingButTracesOfBlindRecipients) {
  const auto header = read_outgoing_header(
      "Return-Path: <x@y.test>\r\nFrom: Joe <joe@example.test>\r\nTo: a@b.test,\r\n c@d.test\r\n"
      "bcc: secret@e.test,\r\n\tmore@e.test\r\nResent-Bcc: z@e.test\r\nSubject: =?utf-8?q?hi?=\r\n"
      "Cc: Group: a@b.test, G <g@h.test>;\r\nMessage-ID: <1@x>\r\n\r\n");
  ASSERT_TRUE(header) << header.error().detail;
  EXPECT_EQ(header->kept,
            "From: Joe <joe@example.test>\r\nTo: a@b.test,\r\n c@d.test\r\nSubject: =?utf-8?q?hi?=\r\n"
            "Cc: Group: a@b.test, G <g@h.test>;\r\nMessage-ID: <1@x>\r\n\r\n");
  EXPECT_EQ(header->originators, Texts{"joe@example.test"});
  EXPECT_EQ(header->recipients, (Texts{"a@b.test", "c@d.test", "secret@e.test", "more@e.test", "g@h.test"}));
  EXPECT_EQ(header->message_id, "<1@x>");
  EXPECT_TRUE(header->has_from);
  EXPECT_FALSE(header->has_date);
  EXPECT_FALSE(header->has_utf8);
}

TEST(OutgoingHeaders, NameAllOriginators) {
  const auto header = read_outgoing_header(
      "From: a@x.test, b@x.test\r\nSender: c@x.test\r\nResent-From: d@x.test\r\nResent-Sender: "
      "a@x.test\r\n\r\n");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->originators, (Texts{"a@x.test", "b@x.test", "c@x.test", "d@x.test"}));
}

TEST(OutgoingHeaders, MayBeEmptyOrWithoutItsEmptyLine) {
  EXPECT_EQ(read_outgoing_header("\r\n")->kept, "\r\n");
  EXPECT_EQ(read_outgoing_header("Date: now\r\n")->kept, "Date: now\r\n\r\n");
  EXPECT_TRUE(read_outgoing_header("Date: now\r\n")->has_date);
}

TEST(OutgoingHeaders, AreRefused) {
  const char* bad[] = {
      "From: a@b.test\r\nFrom: c@d.test\r\n\r\n",
      "From: a@b.test\r\nfrom : c@d.test\r\n\r\n",
      "From: nobody\r\n\r\n",
      "From:\r\n\r\n",
      "Sender: <>\r\n\r\n",
      "From: a@b.test\r\nno field\r\n\r\n",
      "From joe Mon Jan 6 10:00:00 2025\r\nTo: a@b.test\r\n\r\n",
      "Subject: \xFF\r\n\r\n",
      "Message-ID: <1@x>\r\nMessage-ID: <2@x>\r\n\r\n",
  };
  for (const char* block : bad) {
    const auto header = read_outgoing_header(block);
    ASSERT_FALSE(header) << block;
    EXPECT_EQ(header.error().kind, ErrorKind::invalid);
  }
  EXPECT_TRUE(read_outgoing_header("Subject: \xC3\xB6\r\n\r\n")->has_utf8);
}

TEST(OutgoingHeaders, BoundTheirAddresses) {
  std::string to = "To: a@b.test";
  for (std::size_t i = 1; i < kOutgoingAddressesMax; ++i) to += ",\r\n a@b.test";
  EXPECT_TRUE(read_outgoing_header(to + "\r\n\r\n"));
  EXPECT_FALSE(read_outgoing_header(to + ",\r\n a@b.test\r\n\r\n"));
}

struct LineCase {
  std::string_view in, out;
  bool bare_ends;
};
const LineCase kLineCases[] = {
    {"", "", false},
    {"a", "a\r\n", false},
    {"a\r\nb\r\n", "a\r\nb\r\n", false},
    {"a\nb", "a\r\nb\r\n", true},
    {"a\rb\r\n", "a\r\nb\r\n", true},
    {"a\r", "a\r\n", true},
    {"\r\n", "\r\n", false},
    {"\r\r\n", "\r\n\r\n", true},
    {"\n\r\n", "\r\n\r\n", true},
};

TEST(CrlfLine, SameForEverySplit) {
  for (const LineCase& one : kLineCases) {
    for (std::size_t split = 0; split <= one.in.size(); ++split) {
      CrlfLines lines;
      std::string out;
      lines.feed(one.in.substr(0, split), out);
      lines.feed(one.in.substr(split), out);
      lines.finish(out);
      EXPECT_EQ(out, one.out) << one.in << " at " << split;
      EXPECT_EQ(lines.has_bare_ends(), one.bare_ends) << one.in << " at " << split;
    }
  }
}

TEST(CrlfLine, NoticesWhatIsNotText) {
  CrlfLines lines;
  std::string out;
  lines.feed("abc", out);
  EXPECT_FALSE(lines.has_nul());
  EXPECT_FALSE(lines.has_eight_bit());
  lines.feed(std::string_view("\0\x80", 2), out);
  EXPECT_TRUE(lines.has_nul());
  EXPECT_TRUE(lines.has_eight_bit());
}

}  // namespace
}  // namespace postern::mime
