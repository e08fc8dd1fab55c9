// Submission commands: lines to values, and the replies to what is none.
#include "protocols/submission/command.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"

namespace postern::submission {
namespace {

using namespace smtp;  // NOLINT: the shared commands by their names

template <class C>
C parsed(std::string_view line) {
  const CommandOrReply result = parse_command(line);
  const auto* command = std::get_if<Command>(&result);
  EXPECT_NE(command, nullptr) << line << ": " << (command ? "" : std::get<BadCommand>(result).reply);
  const C* value = command ? std::get_if<C>(command) : nullptr;
  EXPECT_NE(value, nullptr) << line;
  return value ? *value : C();
}

std::string refused(std::string_view line) {
  const CommandOrReply result = parse_command(line);
  const auto* bad = std::get_if<BadCommand>(&result);
  return bad ? bad->reply.substr(0, 9) : "taken";
}

TEST(SubmissionCommand, Hello) {
  EXPECT_TRUE(parsed<Ehlo>("EHLO [192.0.2.7]").extended);
  EXPECT_EQ(parsed<Ehlo>("ehlo laptop.local ").client, "laptop.local");
  EXPECT_FALSE(parsed<Ehlo>("HELO x").extended);
  EXPECT_EQ(refused("EHLO"), "501 5.5.4");
  EXPECT_EQ(refused("EHLO a b"), "501 5.5.4");
  EXPECT_EQ(refused("EHLO " + std::string(kDomainOctetsMax, 'd')), "taken");
  EXPECT_EQ(refused("EHLO " + std::string(kDomainOctetsMax + 1, 'd')), "501 5.5.4");
}

TEST(SubmissionCommand, Auth) {
  EXPECT_EQ(parsed<Auth>("auth plain").mechanism, "PLAIN");
  EXPECT_FALSE(parsed<Auth>("AUTH PLAIN").initial_response);
  EXPECT_EQ(parsed<Auth>("AUTH PLAIN AGEAYg==").initial_response, "AGEAYg==");
  EXPECT_EQ(parsed<Auth>("AUTH PLAIN =").initial_response, "=");
  EXPECT_EQ(refused("AUTH"), "501 5.5.4");
}

TEST(SubmissionCommand, Mail) {
  const Mail mail = parsed<Mail>(
      "MAIL FROM:<Joe@Example.test> SIZE=12 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ+2B1 AUTH=<>");
  EXPECT_EQ(mail.from.address, "Joe@Example.test");
  EXPECT_EQ(mail.size, 12u);
  EXPECT_TRUE(mail.smtputf8);
  EXPECT_EQ(mail.return_content, ReturnContent::headers);
  EXPECT_EQ(mail.envelope_id, "QQ+2B1");
  EXPECT_EQ(parsed<Mail>("MAIL FROM:<>").from.address, "");
  EXPECT_EQ(parsed<Mail>("MAIL FROM:<a@b.test> RET=FULL").return_content, ReturnContent::full);
  EXPECT_EQ(refused("MAIL FROM:a@b.test"), "501 5.1.7");
  EXPECT_EQ(refused("MAIL FROM:<j\xC3\xB6@b.test>"), "553 5.6.7");
  for (const char* parameter : {"SIZE=x", "SIZE", "BODY=BINARYMIME", "BODY", "SMTPUTF8=1", "RET=ALL",
                                "ENVID=", "ENVID=a+b", "ENVID=a=b", "AUTH", "AUTH=", "HOLDFOR=1", "=x"}) {
    EXPECT_EQ(refused(std::string("MAIL FROM:<a@b.test> ") + parameter), "501 5.5.4") << parameter;
  }
  EXPECT_EQ(refused("MAIL FROM:<a@b.test> ENVID=" + std::string(kEnvelopeIdOctetsMax, 'e')), "taken");
  EXPECT_EQ(refused("MAIL FROM:<a@b.test> ENVID=" + std::string(kEnvelopeIdOctetsMax + 1, 'e')), "501 5.5.4");
}

TEST(SubmissionCommand, Rcpt) {
  const Rcpt rcpt =
      parsed<Rcpt>("RCPT TO:<bob@example.org> NOTIFY=SUCCESS,delay ORCPT=rfc822;Bob@example.org");
  EXPECT_EQ(rcpt.to.address(), "bob@example.org");
  EXPECT_TRUE(rcpt.options.wants(Notify::success));
  EXPECT_TRUE(rcpt.options.wants(Notify::delay));
  EXPECT_FALSE(rcpt.options.wants(Notify::failure));
  EXPECT_EQ(rcpt.options.original, "rfc822;Bob@example.org");
  EXPECT_TRUE(parsed<Rcpt>("RCPT TO:<b@c.test> NOTIFY=NEVER").options.wants(Notify::never));
  EXPECT_EQ(parsed<Rcpt>("RCPT TO:<@a.test,@b.test:c@d.test>").to.address(), "c@d.test");
  EXPECT_EQ(refused("RCPT TO:<>"), "501 5.1.3");
  for (const char* parameter : {"NOTIFY=", "NOTIFY=NEVER,SUCCESS", "NOTIFY=SUCCESS,", "NOTIFY=NOW",
                                "ORCPT=bob", "ORCPT=rfc822;b+4", "SIZE=1"}) {
    EXPECT_EQ(refused(std::string("RCPT TO:<b@c.test> ") + parameter), "501 5.5.4") << parameter;
  }
}

TEST(SubmissionCommand, PathsGoBackAsTheyCame) {
  for (const char* path : {"<joe@example.test>", "<\"joe doe\"@example.test>",
                           "<\"a\\\"b\\\\c\"@example.test>", "<joe@[192.0.2.1]>", "<\"a@b\"@example.test>"}) {
    const auto read = parse_path(path);
    ASSERT_TRUE(read) << path;
    EXPECT_EQ(path_text(read->path.address()), path);
  }
  EXPECT_EQ(path_text(""), "<>");
}

TEST(SubmissionCommand, Others) {
  parsed<Data>("DATA");
  parsed<StartTls>("STARTTLS");
  parsed<Noop>("NOOP anything");
  EXPECT_EQ(refused("DATA now"), "501 5.5.4");
  EXPECT_EQ(parsed<Bdat>("BDAT 12 LAST").octets, 12U);
  EXPECT_EQ(refused("BURL imap://x"), "500 5.5.2");
  EXPECT_EQ(refused(""), "500 5.5.2");
}

}  // namespace
}  // namespace postern::submission
