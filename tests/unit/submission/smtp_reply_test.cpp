// Replies of the next hop, and what its EHLO announces.
#include "protocols/submission/smtp_reply.h"

#include <gtest/gtest.h>

namespace postern::submission {
namespace {

TEST(SmtpReplies, Lines) {
  const auto last = parse_reply_line("250 2.0.0 Ok");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->code, 250);
  EXPECT_TRUE(last->last);
  EXPECT_EQ(last->text, "2.0.0 Ok");
  EXPECT_FALSE(parse_reply_line("250-more")->last);
  EXPECT_TRUE(parse_reply_line("354")->last);
  for (const char* line : {"", "25", "2500", "250x", "abc ok", "100 ok", "600 ok", "+25 ok", "* OK"})
    EXPECT_FALSE(parse_reply_line(line)) << line;
}

TEST(SmtpReplies, OneLineOfText) {
  SmtpReply reply;
  reply.code = 550;
  reply.lines = {"5.1.1 No", "such\tuser\x7F"};
  EXPECT_EQ(reply.text(), "550 5.1.1 No such?user?");
  reply.lines = {"\xFF\xFE"};
  EXPECT_EQ(reply.text(), "550 ??");
  reply.lines = {std::string(2 * kReplyTextOctetsMax, 'x')};
  EXPECT_EQ(reply.text().size(), kReplyTextOctetsMax);
}

TEST(SmtpReplies, Status) {
  EXPECT_EQ(status_of("550 5.1.1 No"), "5.1.1");
  EXPECT_EQ(status_of("451 4.3.0"), "4.3.0");
  EXPECT_EQ(status_of("550 No such user"), "5.0.0");
  EXPECT_EQ(status_of("450 5.1.1 odd"), "4.0.0");
  EXPECT_EQ(status_of("250 Ok"), "2.0.0");
  EXPECT_EQ(status_of(""), "5.0.0");
}

TEST(SmtpReplies, Capabilities) {
  SmtpReply ehlo;
  ehlo.lines = {"STARTTLS greets you", "pipelining", "SIZE 1000", "AUTH CRAM-MD5 LOGIN", "8BITMIME", "XDSN"};
  Capabilities known = capabilities_from(ehlo);
  EXPECT_FALSE(known.starttls);
  EXPECT_TRUE(known.pipelining);
  EXPECT_TRUE(known.eight_bit_mime);
  EXPECT_TRUE(known.auth_login);
  EXPECT_FALSE(known.auth_plain);
  EXPECT_FALSE(known.dsn);
  EXPECT_FALSE(known.smtputf8);
  EXPECT_EQ(known.octets_max, 1000u);
  ehlo.lines = {"x", "SIZE 0", "DSN", "SMTPUTF8", "STARTTLS", "AUTH PLAIN"};
  known = capabilities_from(ehlo);
  EXPECT_TRUE(known.size);
  EXPECT_FALSE(known.octets_max);
  EXPECT_TRUE(known.dsn);
  EXPECT_TRUE(known.smtputf8);
  EXPECT_TRUE(known.starttls);
  EXPECT_TRUE(known.auth_plain);
}

}  // namespace
}  // namespace postern::submission
